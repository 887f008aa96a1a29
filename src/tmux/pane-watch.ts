/**
 * Notices that programs end and panes vanish, from several independent signals. The host's word says all by itself
 * (0.6 ms); the pane-died hook and the control connection's notifications, either of which tmux may lose, only make us
 * look at once; and every `interval` ms we look anyway, less often while no program runs.
 */
import { Announcements } from './announcements.ts';
import { ExitFiles } from './exit-files.ts';
import type { PaneId } from './pane-id.ts';
import { type PaneState, readPaneStates } from './pane-states.ts';
import type { RunCommand } from './panes.ts';
import { exitBySignal, type ProcessExit, readShellStatus } from './process-exit.ts';
import { type NoticedBy, type Run, RunLedger } from './run-ledger.ts';
import { TmuxError } from './tmux-error.ts';

export interface PaneWatchOptions {
  readonly command: RunCommand;
  readonly exits: string;
  /** Makes tmux reap its children. */
  readonly nudge: () => void;
  /** Between two looks, in ms. */
  readonly interval: number;
}

/**
 * tmux before 3.6 loses the SIGCHLD of two in five panes that are killed: they stay dead without a status until it gets
 * another one (p50 4 ms later). We send it and look again, so often in ms and so many times: by the clock, a machine that
 * stands still for a moment would cost the status.
 */
const statusInterval = 2;
const statusLooks = 200;
/** Between two looks while no run is under way, in ms: then only a pane can go, which tmux tells. */
const calmInterval = 1_000;
/** After so many looks tmux is nudged anyway: a lost SIGCHLD may even leave a pane looking alive. */
const looksBetweenNudges = 20;

export class PaneWatch {
  readonly runs = new RunLedger();
  readonly vanished = new Announcements<{ readonly pane: PaneId }>();
  readonly #options: PaneWatchOptions;
  readonly #files: ExitFiles;
  readonly #panes = new Set<PaneId>();
  /** How often a run was seen dead without a status. */
  readonly #withoutStatus = new WeakMap<Run, number>();
  #interval: number;
  #wake: () => void = () => {};
  #wokenBy: NoticedBy | undefined;
  #stopped = false;

  constructor(options: PaneWatchOptions) {
    this.#options = options;
    this.#interval = options.interval;
    this.#files = new ExitFiles(options.exits, {
      ended: (runId, exit) => this.runs.end(runId, exit, 'host'),
      died: () => this.look('hook'),
    });
  }

  /**
   * Begins to watch. `adopted` are the panes that are there and the runs that an earlier daemon left in them; those that
   * have ended meanwhile are announced like any other.
   *
   * @returns a promise that settles after `stop`, and rejects when tmux answers what cannot be understood
   */
  async start(adopted: readonly { pane: PaneId; runId: string | undefined }[]): Promise<void> {
    for (const { pane, runId } of adopted) {
      this.#panes.add(pane);
      if (runId !== undefined) this.runs.confirm(this.runs.begin(runId, pane));
    }
    this.#files.open();
    await this.#files.read();
    for (let looks = 1; !this.#stopped; looks += 1) {
      const noticedBy = await this.#pause();
      if (this.#stopped) break;
      if (looks % looksBetweenNudges === 0) this.#options.nudge();
      await this.#lookNow(noticedBy);
    }
  }

  /** The program has been started: from now on its end is looked for. */
  confirm(run: Run): void {
    this.runs.confirm(run);
    this.look('poll');
  }

  /** From now on this pane's end is news. */
  add(pane: PaneId): void {
    this.#panes.add(pane);
  }

  /** Looks soon; while a look is under way, right after it. */
  look(noticedBy: NoticedBy): void {
    this.#wokenBy ??= noticedBy;
    this.#wake();
  }

  stop(): void {
    this.#stopped = true;
    this.#files.close();
    this.#wake();
  }

  /** Until the interval is over or somebody calls `look`. */
  async #pause(): Promise<NoticedBy> {
    if (this.#wokenBy === undefined) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.#interval);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const noticedBy = this.#wokenBy ?? 'poll';
    this.#wokenBy = undefined;
    return noticedBy;
  }

  /** Judges only what was there before it asked: what comes while tmux answers is the next look's. */
  async #lookNow(noticedBy: NoticedBy): Promise<void> {
    const runs = this.runs.running();
    const panes = [...this.#panes];
    const states = await readPaneStates(this.#options.command).catch(undefinedWhenLost);
    if (states === undefined) return;
    if (runs.some(({ pane }) => states.get(pane)?.dead !== false)) await this.#files.read();
    const judged = runs.map((run) => this.#judge(run, states.get(run.pane), noticedBy));
    const unclear = judged.includes(false);
    if (unclear) this.#options.nudge();
    this.#interval = this.#nextInterval(unclear);
    for (const pane of panes) if (!states.has(pane)) this.#forget(pane);
    for (const pane of states.keys()) this.#panes.add(pane);
  }

  #nextInterval(unclear: boolean): number {
    if (unclear) return statusInterval;
    const { interval } = this.#options;
    return this.runs.running().length > 0 ? interval : Math.max(interval, calmInterval);
  }

  /** @returns false when tmux cannot say yet how the run ended */
  #judge(run: Run, state: PaneState | undefined, noticedBy: NoticedBy): boolean {
    if (state !== undefined && !state.dead) return true;
    const end = state === undefined ? {} : readEnd(state);
    if (end === undefined && this.runs.has(run.runId) && this.#mayStillLearn(run)) return false;
    this.runs.end(run.runId, end ?? {}, noticedBy);
    return true;
  }

  #mayStillLearn(run: Run): boolean {
    const looks = (this.#withoutStatus.get(run) ?? 0) + 1;
    this.#withoutStatus.set(run, looks);
    return looks < statusLooks;
  }

  #forget(pane: PaneId): void {
    this.#panes.delete(pane);
    this.vanished.announce({ pane });
  }
}

/** How a dead pane's process ended, as far as tmux knows. */
function readEnd({ status, signal }: PaneState): ProcessExit | undefined {
  if (signal !== undefined) return exitBySignal(signal);
  return status === undefined ? undefined : readShellStatus(status);
}

/** While the connection is replaced, or lost for good, there is nothing to judge. */
function undefinedWhenLost(error: unknown): undefined {
  if (!(error instanceof TmuxError && error.code === 'lost')) throw error;
}
