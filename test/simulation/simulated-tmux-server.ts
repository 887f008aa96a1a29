/** The tmux server as the simulation has it: panes with programs in them, which outlive the daemon and die with the server. */
import type { PaneId } from '../../src/tmux/pane-id.ts';
import type { ProcessExit } from '../../src/tmux/process-exit.ts';
import { type RunSpec, runMark } from '../../src/tmux/tmux.ts';
import type { Chance } from './chance.ts';
import type { SimulatedHost } from './simulated-host.ts';
import type { SimulatedTime } from './simulated-time.ts';

/** What runs in a pane. */
export interface Program {
  /** A line was submitted to it. */
  type(line: string): void;
  interrupt(): void;
  /** It was ended from outside; nothing of it happens any more. */
  ended(): void;
}

/** What a program has to do with the machine it runs on. */
export interface ProgramPlace {
  readonly spec: RunSpec;
  readonly pid: number;
  readonly host: SimulatedHost;
  /** It ends by itself. */
  exit(exit: ProcessExit): void;
}

export interface PaneRun {
  readonly spec: RunSpec;
  readonly hostPid: number;
  readonly pid: number;
  readonly program: Program;
  exit: ProcessExit | undefined;
}

export interface SimulatedPane {
  readonly id: PaneId;
  readonly window: string;
  name: string;
  readonly options: Map<string, string>;
  run: PaneRun | undefined;
  input: string;
  screen: string[];
}

export interface ServerListener {
  exited(pane: SimulatedPane, run: PaneRun): void;
  vanished(pane: SimulatedPane): void;
  died(): void;
}

const shownLines = 40;

export class SimulatedTmuxServer {
  readonly panes = new Map<PaneId, SimulatedPane>();
  readonly listeners = new Set<ServerListener>();
  readonly #time: SimulatedTime;
  readonly #host: SimulatedHost;
  readonly #chance: Chance;
  readonly #start: (place: ProgramPlace) => Program;
  #pid: number | undefined;
  #lastPane = 0;

  constructor(
    time: SimulatedTime,
    host: SimulatedHost,
    chance: Chance,
    start: (place: ProgramPlace) => Program,
  ) {
    this.#time = time;
    this.#host = host;
    this.#chance = chance;
    this.#start = start;
  }

  /** Undefined when there is no server. */
  get pid(): number | undefined {
    return this.#pid;
  }

  get startTime(): number {
    return this.#host.startTime(this.#pid ?? 0) ?? 0;
  }

  /** Starts it when it does not run. */
  start(): void {
    this.#pid ??= this.#host.spawn({ parent: 1, environment: {} });
  }

  /** It is killed, and what runs in its panes is hung up; some programs do not care. */
  die(): void {
    if (this.#pid === undefined) return;
    this.#host.end(this.#pid);
    this.#pid = undefined;
    for (const pane of this.panes.values()) this.#hangUp(pane);
    this.panes.clear();
    for (const listener of [...this.listeners]) listener.died();
  }

  makePane(name: string): SimulatedPane {
    this.#lastPane += 1;
    const id: PaneId = `%${this.#lastPane}`;
    const window = `@${this.#lastPane}`;
    const pane = { id, window, name, options: new Map(), run: undefined, input: '', screen: [] };
    this.panes.set(id, pane);
    return pane;
  }

  removePane(pane: SimulatedPane): void {
    this.#hangUp(pane);
    this.panes.delete(pane.id);
    for (const listener of [...this.listeners]) listener.vanished(pane);
  }

  /** respawn-pane -k. */
  run(pane: SimulatedPane, spec: RunSpec): PaneRun {
    this.#hangUp(pane);
    const environment = { ...spec.environment, [runMark]: spec.runId };
    const hostPid = this.#host.spawn({
      parent: this.#pid ?? 1,
      environment,
      onSignal: (signal) => {
        if (signal === 'SIGKILL') end({ signal });
      },
    });
    const pid = this.#host.spawn({
      parent: hostPid,
      environment,
      onSignal: (signal) => {
        if (signal === 'SIGKILL') end({ signal });
        else if (signal === 'SIGTERM')
          this.#time.after(this.#chance.between(1, 60), () => this.#host.signal(pid, 'SIGKILL'));
      },
    });
    const end = (exit: ProcessExit) => {
      this.#host.end(pid);
      this.#host.end(hostPid);
      if (run.exit) return;
      run.exit = exit;
      program.ended();
      if (pane.run === run) for (const listener of [...this.listeners]) listener.exited(pane, run);
    };
    const program = this.#start({ spec, pid, host: this.#host, exit: end });
    const run: PaneRun = { spec, hostPid, pid, program, exit: undefined };
    pane.run = run;
    return run;
  }

  /** Enter is pressed: now and then it is swallowed. */
  enter(pane: SimulatedPane): void {
    if (this.#chance.happens(0.01)) return;
    const line = pane.input;
    pane.input = '';
    if (line === '') return;
    pane.screen = [...pane.screen, line].slice(-shownLines);
    if (pane.run && !pane.run.exit) pane.run.program.type(line);
  }

  #hangUp(pane: SimulatedPane): void {
    const { run } = pane;
    pane.run = undefined;
    if (!run || run.exit) return;
    this.#host.end(run.hostPid);
    if (this.#chance.happens(0.8)) this.#host.signal(run.pid, 'SIGKILL');
  }
}
