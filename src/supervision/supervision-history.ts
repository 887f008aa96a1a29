/** What supervisors have reported of each child since the tree began; their own memory holds only what they act on. */
import type { SupervisorReport } from '../../machines/supervision/hooks.ts';
import { errorText, exitText } from './reason-text.ts';
import type { Incident } from './tree-description.ts';

/** What is remembered of one child. */
export interface ChildHistory {
  /** How often a supervisor has restarted it. */
  readonly restarts: number;
  /** The latest end or failed start that was a fault. */
  readonly lastExit: Incident | null;
  /** Its latest `kill` failed, and it has not started since. */
  readonly killFailed: Incident | null;
}

const unknown: ChildHistory = { restarts: 0, lastExit: null, killFailed: null };

/** Kept by path, so that it outlives the supervisors in between. Grows with the number of paths ever seen. */
export class SupervisionHistory {
  readonly #children = new Map<string, ChildHistory>();
  readonly #offenders = new Map<string, string>();
  /** Supervisors that have given up and whose end is still to be reported, as a mere `shutdown`. */
  readonly #exhausted = new Set<string>();
  readonly #now: () => number;

  /** `now` gives milliseconds since the epoch. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  of(path: string): ChildHistory {
    return this.#children.get(path) ?? unknown;
  }

  /** The id of the child whose end or failed start this supervisor has reported last. */
  offenderOf(supervisor: string): string | undefined {
    return this.#offenders.get(supervisor);
  }

  /** Takes a report in; to be called with each of them, in their order. */
  hear(report: SupervisorReport): void {
    const path = childPath(report);
    switch (report.report) {
      case 'child_started':
        this.#exhausted.delete(path);
        this.#note(path, { killFailed: null });
        return;
      case 'child_restarted':
        this.#note(path, { killFailed: null, restarts: this.of(path).restarts + 1 });
        return;
      case 'child_terminated':
        this.#offenders.set(report.supervisor, report.id);
        if (!this.#exhausted.delete(path))
          this.#note(path, { lastExit: this.#incident(exitText(report.reason)) });
        return;
      case 'shutdown_error':
        this.#note(path, { lastExit: this.#incident(exitText(report.reason)) });
        return;
      case 'start_error':
        this.#offenders.set(report.supervisor, report.id);
        this.#note(path, { lastExit: this.#incident(`did not start: ${errorText(report.reason)}`) });
        return;
      case 'kill_failed':
        this.#note(report.path, { killFailed: this.#incident(errorText(report.reason)) });
        return;
      case 'shutdown':
        this.#exhausted.add(report.supervisor);
        this.#note(report.supervisor, { lastExit: this.#incident(`too many restarts of ${report.id}`) });
    }
  }

  #incident(reason: string): Incident {
    return { at: this.#now(), reason };
  }

  #note(path: string, news: Partial<ChildHistory>): void {
    this.#children.set(path, { ...this.of(path), ...news });
  }
}

/** The path of the child a report is about. */
export function childPath({ supervisor, id }: SupervisorReport): string {
  return supervisor === '' ? id : `${supervisor}/${id}`;
}
