/** Sees to it that every result of every task has its writes recorded, whatever died in between; makes none of them. */
import { setTimeout as pause } from 'node:timers/promises';
import type { TaskRecord } from '../tasks/task-record.ts';
import type { TaskStore } from '../tasks/task-store.ts';
import type { OutgoingStore } from './outgoing-store.ts';
import { needsBranch, resultWrites, type WritePolicy } from './result-writes.ts';

export interface RecorderOptions {
  readonly store: OutgoingStore;
  readonly tasks: Pick<TaskStore, 'get' | 'all' | 'onChange'>;
  /** What the config says at this moment. */
  readonly policy: () => WritePolicy;
  readonly branchOf: (task: string) => Promise<string | undefined>;
  /** Whether an error may pass by itself; any other ends the recorder. */
  readonly mayPass: (error: unknown) => boolean;
  readonly onTrouble: (error: unknown) => void;
}

/** Before another try after an error that may pass, in ms. */
const retryPause = 2_000;

/**
 * A result stands in its task's record, and how far the record is told stands beside the writes: so nothing is lost
 * between the two, and a crash in the middle records a write a second time under the same key.
 */
export class ResultRecorder {
  readonly #options: RecorderOptions;
  /** Tasks that may have something new. */
  readonly #pending = new Set<string>();
  /** From the beginning: nothing has been looked at yet. */
  #isBusy = true;
  #inTrouble = false;
  #wake: (() => void) | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** Whether all that can be recorded now is. */
  get isSettled(): boolean {
    return this.#inTrouble || (!this.#isBusy && this.#pending.size === 0);
  }

  /** Goes on until `signal` aborts; rejects then, and upon an error that does not pass. */
  async run(signal: AbortSignal): Promise<never> {
    const { tasks } = this.#options;
    const stop = tasks.onChange((task) => this.#look(task));
    signal.addEventListener('abort', () => this.#wake?.(), { once: true });
    try {
      for (const task of tasks.all()) this.#look(task);
      for (;;) {
        await this.#recordAll(signal);
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          if (this.#pending.size > 0 || signal.aborted) resolve();
        });
      }
    } finally {
      stop();
    }
  }

  #look({ issue }: TaskRecord): void {
    this.#pending.add(issue.id);
    this.#wake?.();
  }

  async #recordAll(signal: AbortSignal): Promise<void> {
    this.#isBusy = true;
    try {
      for (const id of this.#pending) {
        signal.throwIfAborted();
        this.#pending.delete(id);
        const task = this.#options.tasks.get(id);
        if (task && !(await this.#tried(task))) {
          this.#pending.add(id);
          await pause(retryPause, undefined, { signal });
        }
      }
      signal.throwIfAborted();
    } finally {
      this.#isBusy = false;
    }
  }

  async #tried(task: TaskRecord): Promise<boolean> {
    try {
      await this.#record(task);
      this.#inTrouble = false;
      return true;
    } catch (error) {
      if (!this.#options.mayPass(error)) throw error;
      this.#inTrouble = true;
      this.#options.onTrouble(error);
      return false;
    }
  }

  async #record(task: TaskRecord): Promise<void> {
    const { store, branchOf } = this.#options;
    const id = task.issue.id;
    const told = store.toldUpTo(id);
    if (told >= task.token) return;
    const policy = this.#options.policy();
    const branch = needsBranch(task, policy, told) ? await branchOf(id) : undefined;
    const now = new Date().toISOString();
    const news = resultWrites(task, { policy, beginning: store.beginning, told, branch, now });
    for (const write of news.writes) await store.enqueue(write);
    if (news.told > told) await store.noteTold(id, news.told);
  }
}
