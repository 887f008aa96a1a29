/** What people do: they file issues, give failed tasks another try, revive agents, and put away what is over. */
import { commandSubject } from '../../src/events/commands.ts';
import type { Performance } from './agent-program.ts';
import { arrivalsOfDay, makeIssue } from './arrivals.ts';
import type { Chance } from './chance.ts';
import type { TaskInvariants } from './invariants/task-invariants.ts';
import type { Outside } from './outside.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** The share of ends of work in which somebody interferes. */
const meddling = 0.04;

export class People {
  /** Issues that are over and were put away. */
  readonly archived = new Set<string>();
  readonly #outside: Outside;
  readonly #tasks: TaskInvariants;
  readonly #chance: Chance;
  readonly #issuesPerDay: number;
  #issues = 0;

  constructor(outside: Outside, tasks: TaskInvariants, issuesPerDay: number) {
    this.#outside = outside;
    this.#tasks = tasks;
    this.#chance = outside.chance('people');
    this.#issuesPerDay = issuesPerDay;
  }

  /** How many issues were filed. */
  get issues(): number {
    return this.#issues;
  }

  start(): void {
    this.#nextDay();
    this.#every(30 * minute, () => this.#lookAfter());
    this.#every(6 * hour, () => this.#putAway());
    this.#every(3 * hour, () => void this.#outside.write('operator', 'keep going'));
  }

  /**
   * An agent has just said that it is done. Somebody interferes at that very moment more often than in life: what comes
   * together within a millisecond has to be tried, and chance alone would take years.
   */
  concluded({ task }: Performance): void {
    if (!this.#chance.happens(meddling)) return;
    this.#outside.time.after(this.#chance.between(0, 80), () => {
      const issue = this.#outside.tracker.issues.get(task);
      if (this.#chance.happens(0.6))
        this.#ask(commandSubject('task.release'), { id: task, reason: 'a person took it back' });
      else if (issue) this.#outside.tracker.put({ ...issue, title: `${issue.title} (edited)` });
    });
  }

  #every(milliseconds: number, act: () => void): void {
    this.#outside.time.after(milliseconds, () => {
      act();
      this.#every(milliseconds, act);
    });
  }

  #nextDay(): void {
    for (const at of arrivalsOfDay(this.#chance, this.#issuesPerDay))
      this.#outside.time.after(at + 1, () => this.#file());
    this.#outside.time.after(day, () => this.#nextDay());
  }

  #file(): void {
    const { tracker } = this.#outside;
    this.#issues += 1;
    const open = [...tracker.issues.values()].filter(({ closed }) => !closed).map(({ id }) => id);
    tracker.put(makeIssue(this.#chance, this.#issues, open));
  }

  #lookAfter(): void {
    for (const [id, { state }] of this.#tasks.tasks) {
      if ((state !== 'failed' && state !== 'blocked') || !this.#chance.happens(0.2)) continue;
      if (this.#chance.happens(0.9)) this.#ask(commandSubject('task.retry'), { id });
      else this.#close(id);
    }
    for (const [agent, { text }] of this.#outside.broker.bucket('orch_agents').entries) {
      if (text.includes('"quarantined"') && this.#chance.happens(0.2))
        this.#ask(commandSubject('agent.revive'), { agent });
    }
  }

  #close(id: string): void {
    const issue = this.#outside.tracker.issues.get(id);
    if (issue) this.#outside.tracker.put({ ...issue, closed: true });
  }

  /** A refusal is the answer to somebody who came too late. */
  #ask(subject: string, body: object): void {
    this.#outside.broker.ask(subject, body).catch(() => undefined);
  }

  /**
   * What is over goes to the archive, in the tracker and in the task bucket, as an operator does who keeps a year's worth
   * of issues out of the daily lists; what still blocks something stays.
   */
  #putAway(): void {
    const { tracker, broker, repository } = this.#outside;
    const needed = new Set<string>();
    for (const { closed, blockedBy } of tracker.issues.values())
      if (!closed) for (const blocker of blockedBy) needed.add(blocker);
    const bucket = broker.bucket('orch_tasks');
    for (const [id, { state }] of [...this.#tasks.tasks]) {
      const isOver = state === 'done' || state === 'closed';
      const isShown = tracker.issues.get(id)?.closed ?? true;
      if (!isOver || !isShown || needed.has(id) || repository.sites.has(id)) continue;
      this.archived.add(id);
      tracker.archive(id);
      bucket.delete(id);
    }
  }
}
