/** Which run is in which pane, and that each run's end is announced exactly once. No I/O. */
import { Announcements } from './announcements.ts';
import type { PaneId } from './pane-id.ts';
import type { ProcessExit } from './process-exit.ts';

/** What brought the news: see exit-files.ts and pane-watch.ts. */
export type NoticedBy =
  /** The host in the pane left word of its program's end. */
  | 'host'
  /** tmux's pane-died hook. */
  | 'hook'
  /** A notification of the control connection. */
  | 'notification'
  /** The regular look at all panes. */
  | 'poll'
  /** The pane was given to another run. */
  | 'replaced';

export interface RunExit extends ProcessExit {
  readonly runId: string;
  readonly pane: PaneId;
  readonly noticedBy: NoticedBy;
}

/** A program's stay in a pane. `starting`: tmux has not confirmed it yet. */
export interface Run {
  readonly runId: string;
  readonly pane: PaneId;
  state: 'starting' | 'running';
}

export class RunLedger {
  readonly exits = new Announcements<RunExit>();
  readonly #open = new Map<string, Run>();

  /** Enters a run before its program is started: word of its end may come before tmux's confirmation. */
  begin(runId: string, pane: PaneId): Run {
    const run: Run = { runId, pane, state: 'starting' };
    this.#open.set(runId, run);
    return run;
  }

  /** The program has been started. */
  confirm(run: Run): void {
    this.#replaceEarlier(run);
    run.state = 'running';
    // It may even have ended already; only the end of an earlier run is no news any more.
    if (this.has(run.runId)) this.exits.retract(run.pane);
  }

  /** The program could not be started: there is no end to announce. */
  abandon(run: Run): void {
    this.#open.delete(run.runId);
  }

  has(runId: string): boolean {
    return this.#open.has(runId);
  }

  /** The runs that tmux has confirmed and that have not ended. */
  running(): Run[] {
    return [...this.#open.values()].filter(({ state }) => state === 'running');
  }

  /** Announces the end of a run; of one that is not open (any more), nothing. */
  end(runId: string, exit: ProcessExit, noticedBy: NoticedBy): void {
    const run = this.#open.get(runId);
    if (run === undefined) return;
    this.#replaceEarlier(run);
    this.#open.delete(runId);
    this.exits.announce({ runId, pane: run.pane, ...exit, noticedBy });
  }

  /** Whatever ran in the pane before a run that was started is no longer there. */
  #replaceEarlier(run: Run): void {
    for (const other of this.#open.values()) {
      if (other === run) return;
      if (other.pane === run.pane) this.end(other.runId, {}, 'replaced');
    }
  }
}
