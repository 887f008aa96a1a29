/** All tasks, kept in a key-value bucket and mirrored in memory; every change is one compare-and-set on one record. */
import type { TaskEvent } from '../../machines/task.machine.ts';
import type { Bucket } from '../bus/bucket.ts';
import type { TellFact } from '../events/fact-publisher.ts';
import type { Issue } from '../tracker/tracker.ts';
import { tellTaskFacts } from './task-facts.ts';
import { createTask, isOver, type NewTask, nextTask, type TaskRecord } from './task-record.ts';

export interface TaskStoreOptions {
  /** Tokens of new tasks are higher: earlier ones may have been given to tasks whose records were lost. Default 0. */
  tokenFloor?: number;
  /** The bucket has lost records that are known here; so many were stored again. */
  onRestored?: (records: number) => void;
}

export type TaskListener = (task: TaskRecord) => void;

/** What became of a change: the task as it is now, and whether the event was taken or refused (a stale token, a wrong state). */
export type Applied = { taken: true; task: TaskRecord } | { taken: false; task: TaskRecord | undefined };

interface Stored {
  task: TaskRecord;
  revision: number;
}

export class TaskStore {
  readonly #bucket: Bucket<TaskRecord>;
  readonly #tell: TellFact;
  readonly #mirror = new Map<string, Stored>();
  /** Ids of those that matter to planning: after a year they are a few among thousands. */
  readonly #unfinished = new Set<string>();
  readonly #listeners = new Set<TaskListener>();
  readonly #stop = new AbortController();

  readonly #options: Required<TaskStoreOptions>;

  private constructor(bucket: Bucket<TaskRecord>, tell: TellFact, options: TaskStoreOptions) {
    this.#bucket = bucket;
    this.#tell = tell;
    this.#options = { tokenFloor: 0, onRestored: () => {}, ...options };
  }

  /** Opens the store and waits until the mirror holds everything that is stored. */
  static async open(
    bucket: Bucket<TaskRecord>,
    tell: TellFact,
    options: TaskStoreOptions = {},
  ): Promise<TaskStore> {
    const store = new TaskStore(bucket, tell, options);
    await bucket.watch(
      ({ key, value, revision }) => {
        if (value) store.#mirrored(value, revision);
        else store.#drop(key);
      },
      { signal: store.#stop.signal },
    );
    return store;
  }

  get(id: string): TaskRecord | undefined {
    return this.#mirror.get(id)?.task;
  }

  *all(): Generator<TaskRecord> {
    for (const { task } of this.#mirror.values()) yield task;
  }

  /** Those that are not over, and any that somebody still holds. */
  *unfinished(): Generator<TaskRecord> {
    for (const id of this.#unfinished) {
      const task = this.get(id);
      if (task) yield task;
    }
  }

  get size(): number {
    return this.#mirror.size;
  }

  /** The task that an agent holds, if any. */
  heldBy(agent: string): TaskRecord | undefined {
    for (const task of this.unfinished()) if (task.claim?.agent === agent) return task;
    return undefined;
  }

  /** Calls `listener` with every changed task until the returned function is called. */
  onChange(listener: TaskListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Adds a task for an issue that has none yet; where there was one, its holders' tokens stay behind the new one's. */
  async create(input: NewTask): Promise<'created' | 'exists'> {
    const id = input.issue.id;
    if (this.#mirror.has(id)) return 'exists';
    let task = createTask(input);
    const revision = await this.#bucket.create(id, (deletedAt) => {
      // Each token was a write: no token is higher than the revision at which its record ended.
      task = { ...task, token: Math.max(deletedAt, this.#options.tokenFloor) };
      return task;
    });
    if (revision === 'exists') return 'exists';
    this.#mirrored(task, revision);
    const stage = task.flow[task.stageIndex] ?? 'done';
    this.#tell('task.discovered', id, { title: task.issue.title, stage, priority: task.issue.priority });
    return 'created';
  }

  /** Sends an event to a task's statechart; repeats on a concurrent change until it is taken or refused. */
  async apply(id: string, event: TaskEvent): Promise<Applied> {
    return this.#change(
      id,
      (task) => nextTask(task, event),
      (before, after) => tellTaskFacts(this.#tell, before, after, event),
    );
  }

  /** Takes over what was edited in the tracker; the state is not touched. */
  async updateIssue(issue: Issue): Promise<Applied> {
    return this.#change(
      issue.id,
      (task) => (JSON.stringify(task.issue) === JSON.stringify(issue) ? undefined : { ...task, issue }),
      (before, after) => {
        if (before.issue.title === after.issue.title && before.issue.priority === after.issue.priority)
          return;
        this.#tell('task.updated', issue.id, { title: issue.title, priority: issue.priority });
      },
    );
  }

  /**
   * Stores again what the bucket has lost, as after a damaged file or a bucket that was made anew: what is known here is
   * newer than whatever nats-server found. Resolves with the number of records.
   */
  async reconcile(): Promise<number> {
    const stored = await this.#bucket.entries();
    let restored = 0;
    for (const [id, known] of [...this.#mirror]) {
      const found = stored.get(id);
      if (found && found.revision >= known.revision) continue;
      if (await this.#restore(id, known, found?.revision)) restored += 1;
    }
    if (restored > 0) this.#options.onRestored(restored);
    return restored;
  }

  /** Stores again what is known of a task, whatever the bucket has in its place. */
  async restore(id: string): Promise<void> {
    const known = this.#mirror.get(id);
    if (!known) return;
    const revision = await this.#bucket.put(id, known.task);
    if (this.#mirror.get(id) === known) this.#keep({ task: known.task, revision });
    this.#options.onRestored(1);
  }

  close(): void {
    this.#stop.abort();
    this.#listeners.clear();
  }

  async #change(
    id: string,
    change: (task: TaskRecord) => TaskRecord | undefined,
    changed: (before: TaskRecord, after: TaskRecord) => void,
  ): Promise<Applied> {
    for (let stored = this.#mirror.get(id); ; stored = await this.#read(id)) {
      if (!stored) return { taken: false, task: undefined };
      const next = change(stored.task);
      if (!next) {
        const newest = await this.#read(id);
        if (newest && newest.revision > stored.revision) continue;
        return { taken: false, task: stored.task };
      }
      const revision = await this.#bucket.update(id, next, stored.revision);
      if (revision === 'conflict') continue;
      this.#mirrored(next, revision);
      changed(stored.task, next);
      return { taken: true, task: next };
    }
  }

  async #read(id: string): Promise<Stored | undefined> {
    const found = await this.#bucket.get(id);
    const known = this.#mirror.get(id);
    if (known && (found?.revision ?? 0) < known.revision) {
      if (await this.#restore(id, known, found?.revision)) this.#options.onRestored(1);
      return this.#mirror.get(id);
    }
    if (!found) return undefined;
    this.#mirrored(found.value, found.revision);
    return { task: found.value, revision: found.revision };
  }

  /** Puts what is known in the place of what the bucket has; not when either has changed meanwhile. */
  async #restore(id: string, known: Stored, found: number | undefined): Promise<boolean> {
    const revision =
      found === undefined
        ? await this.#bucket.create(id, known.task)
        : await this.#bucket.update(id, known.task, found);
    if (typeof revision === 'string') return false;
    // Lower than before, when the sequences of the bucket went back with its records.
    if (this.#mirror.get(id) === known) this.#keep({ task: known.task, revision });
    return true;
  }

  #mirrored(task: TaskRecord, revision: number): void {
    const known = this.#mirror.get(task.issue.id);
    if (known && known.revision >= revision) return;
    this.#keep({ task, revision });
    for (const listener of this.#listeners) listener(task);
  }

  #keep(stored: Stored): void {
    const { task } = stored;
    this.#mirror.set(task.issue.id, stored);
    if (isOver(task) && task.claim === null) this.#unfinished.delete(task.issue.id);
    else this.#unfinished.add(task.issue.id);
  }

  #drop(id: string): void {
    this.#mirror.delete(id);
    this.#unfinished.delete(id);
  }
}
