/** What must hold between the task records and what programs really do. */
import type { Performance } from '../agent-program.ts';
import type { TaskChange, TaskInvariants } from './task-invariants.ts';
import type { Complain } from './violation.ts';

/** How long a program may go on after its claim was lost, while a daemon is there to end it, in ms. */
const longestAfterglow = 5 * 60_000;

/** A program may begin so long after its claim was lost, in ms: its start was on the way. */
const longestWay = 10_000;

/** How long a program may be silent before somebody has restarted it, while a daemon is there, in ms. */
const longestSilence = 90 * 60_000;

interface Watched extends Performance {
  /** For how long nothing was heard of it, while the daemon was there, in ms. */
  silent: number;
  /** For how long the daemon could have ended it, in ms. */
  stale: number;
}

export class WorkInvariants {
  readonly #tasks: TaskInvariants;
  readonly #complain: Complain;
  readonly #performances = new Map<Performance, Watched>();
  readonly #concluded = new Map<string, number>();
  /** Of each task whose claim was lost, whose it was, and when. */
  readonly #lost = new Map<string, { agent: string; token: number; at: number }>();
  readonly #now: () => number;

  /** `now` is the simulated time in ms. */
  constructor(tasks: TaskInvariants, complain: Complain, now: () => number) {
    this.#tasks = tasks;
    this.#complain = complain;
    this.#now = now;
    tasks.onChange((change) => this.#changed(change));
  }

  get atWork(): number {
    return this.#performances.size;
  }

  begun(performance: Performance): void {
    const { agent, task, token } = performance;
    if (!this.#isHeld(performance) && !this.#wasJustHeld(performance))
      this.#complain('no work without a claim', `${agent} began on task ${task} with token ${token}`);
    for (const other of this.#performances.values()) {
      if (other.task === task && other.token === token && other.agent !== agent)
        this.#complain('one holder', `${agent} and ${other.agent} work on task ${task} with token ${token}`);
    }
    this.#performances.set(performance, { ...performance, stale: 0, silent: 0 });
  }

  changed(performance: Performance): void {
    const watched = this.#performances.get(performance);
    if (watched) watched.silent = 0;
  }

  concluded({ task, token }: Performance): void {
    this.#concluded.set(task, token);
  }

  ended(performance: Performance): void {
    this.#performances.delete(performance);
  }

  /** A new watchdog gives every program as long as if it had just been heard. */
  watchBegan(): void {
    for (const performance of this.#performances.values()) performance.silent = 0;
  }

  /** A daemon was there, and well, for so many ms since the last look. */
  look(milliseconds: number): void {
    for (const performance of this.#performances.values()) {
      if (this.#isHeld(performance)) performance.stale = 0;
      else performance.stale += milliseconds;
      const { agent, task, token } = performance;
      performance.silent += milliseconds;
      if (performance.silent > longestSilence)
        this.#complain('no silent stop', `${agent} is silent on task ${task}, and nobody has restarted it`);
      if (performance.stale > longestAfterglow) {
        this.#complain('no work without a claim', `${agent} still works on task ${task} with token ${token}`);
      }
    }
  }

  #isHeld({ agent, task, token }: Performance): boolean {
    const record = this.#tasks.tasks.get(task);
    return record?.claim?.agent === agent && record.token === token;
  }

  #wasJustHeld({ agent, task, token }: Performance): boolean {
    const lost = this.#lost.get(task);
    return lost?.agent === agent && lost.token === token && this.#now() - lost.at < longestWay;
  }

  #changed({ before, after }: TaskChange): void {
    if (before?.claim && !after.claim)
      this.#lost.set(after.issue.id, { agent: before.claim.agent, token: before.token, at: this.#now() });
    if (!before || after.stageIndex <= before.stageIndex) return;
    const { id } = after.issue;
    if (after.stageIndex !== before.stageIndex + 1)
      this.#complain('done once', `task ${id} went from stage ${before.stageIndex} to ${after.stageIndex}`);
    if (before.claim === null) this.#complain('done once', `task ${id} went on without a holder`);
    if (this.#concluded.get(id) !== before.token)
      this.#complain('done once', `task ${id} went on, and nobody has finished token ${before.token}`);
    this.#concluded.delete(id);
  }
}
