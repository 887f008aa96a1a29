/** The issue tracker as the simulation has it: people write into it, it is away for hours, an answer may be lost. */
import {
  type Issue,
  type IssueComment,
  type IssueList,
  type LabelChange,
  type Tracker,
  TrackerError,
} from '../../src/tracker/tracker.ts';
import type { Chance } from './chance.ts';
import { type DaemonLife, daemonPause } from './daemon-life.ts';

export class SimulatedTracker {
  /** As people see them; those that are over go to the archive after a while. */
  readonly issues = new Map<string, Issue>();
  /** Markers of the comments on each issue. */
  readonly comments = new Map<string, Set<string>>();
  isAway = false;
  readonly #chance: Chance;
  readonly #watchers = new Set<() => void>();

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** Somebody opens, edits or closes an issue. */
  put(issue: Issue): void {
    this.issues.set(issue.id, issue);
    for (const watcher of this.#watchers) watcher();
  }

  archive(id: string): void {
    this.issues.delete(id);
    this.comments.delete(id);
  }

  /** As one daemon has it open. */
  open(life: DaemonLife): Tracker {
    return {
      name: 'simulated',
      list: async (): Promise<IssueList> => {
        await this.#answer(50);
        return { issues: [...this.issues.values()], problems: [] };
      },
      watch: async (onChange) => {
        await this.#answer(5);
        const watcher = () => life.receive(100, onChange);
        this.#watchers.add(watcher);
        const stop = () => this.#watchers.delete(watcher);
        life.onEnd(stop);
        return {
          async close() {
            stop();
          },
        };
      },
      setLabels: (id, change) => this.#write(() => this.#setLabels(id, change)),
      comment: (id, comment) => this.#write(() => this.#comment(id, comment)),
    };
  }

  #setLabels(id: string, { add, remove }: LabelChange): 'changed' | 'unchanged' {
    const issue = this.#issue(id);
    const labels = [...new Set([...issue.labels.filter((label) => !remove.includes(label)), ...add])];
    if (labels.join() === issue.labels.join()) return 'unchanged';
    this.issues.set(id, { ...issue, labels, closed: issue.closed || labels.includes('status:done') });
    return 'changed';
  }

  #comment(id: string, { marker }: IssueComment): 'added' | 'present' {
    this.#issue(id);
    const markers = this.comments.get(id) ?? new Set();
    this.comments.set(id, markers);
    if (markers.has(marker)) return 'present';
    markers.add(marker);
    return 'added';
  }

  #issue(id: string): Issue {
    const issue = this.issues.get(id);
    if (!issue) throw new TrackerError('issue-not-found', `there is no issue ${id}`);
    return issue;
  }

  /** It takes effect; whether the daemon hears of it is another matter. */
  async #write<Result>(act: () => Result): Promise<Result> {
    await this.#answer(10);
    const result = act();
    if (this.#chance.happens(0.001)) throw new TrackerError('unavailable', 'the answer was lost');
    return result;
  }

  async #answer(milliseconds: number): Promise<void> {
    await daemonPause(milliseconds);
    if (this.isAway) throw new TrackerError('unavailable', 'the tracker is away');
  }
}
