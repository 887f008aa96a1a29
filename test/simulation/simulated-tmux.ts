/** The daemon's connection to the simulated tmux server: everything a `Tmux` offers, a millisecond later. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Announcements } from '../../src/tmux/announcements.ts';
import { endMark } from '../../src/tmux/host-script.ts';
import type { Key } from '../../src/tmux/input.ts';
import type { PaneId, UserOption } from '../../src/tmux/pane-id.ts';
import type { Pane } from '../../src/tmux/panes.ts';
import type { ProcessExit } from '../../src/tmux/process-exit.ts';
import type { RunExit } from '../../src/tmux/run-ledger.ts';
import { RunLedger } from '../../src/tmux/run-ledger.ts';
import { type SubmitOptions, submit } from '../../src/tmux/submit.ts';
import { type RunSpec, runOption, type Tmux } from '../../src/tmux/tmux.ts';
import { TmuxError } from '../../src/tmux/tmux-error.ts';
import type { Chance } from './chance.ts';
import { type DaemonLife, daemonPause } from './daemon-life.ts';
import type { PaneRun, ServerListener, SimulatedPane, SimulatedTmuxServer } from './simulated-tmux-server.ts';

/** How long a command takes, in ms. */
const commandTime = 1;

/** The backstop poll for what no quicker sign has told, in ms. */
const poll = 100;

/** Only its public side is played: `Tmux` is a class, so the composition has to say that this passes for one. */
export class SimulatedTmux implements Pick<Tmux, keyof Tmux> {
  readonly version = '3.3a';
  readonly serverPid: number;
  readonly server: { pid: number; startTime: number };
  readonly lost: Promise<TmuxError>;
  readonly #server: SimulatedTmuxServer;
  readonly #life: DaemonLife;
  readonly #chance: Chance;
  readonly #runs = new RunLedger();
  readonly #vanished = new Announcements<{ readonly pane: PaneId }>();
  readonly #listener: ServerListener;
  #isLost = false;

  constructor(server: SimulatedTmuxServer, life: DaemonLife, chance: Chance) {
    this.#server = server;
    this.#life = life;
    this.#chance = chance;
    this.serverPid = server.pid ?? 0;
    this.server = { pid: this.serverPid, startTime: server.startTime };
    let lose = (_: TmuxError) => {};
    this.lost = new Promise((resolve) => {
      lose = resolve;
    });
    this.#listener = {
      exited: (pane, run) => this.#later(() => this.#tellExit(pane, run)),
      vanished: (pane) =>
        this.#later(() => {
          const { run } = pane;
          if (run) this.#runs.end(run.spec.runId, run.exit ?? { signal: 'SIGHUP' }, 'poll');
          this.#vanished.announce({ pane: pane.id });
        }),
      died: () => {
        this.#isLost = true;
        this.#later(() => lose(new TmuxError('lost', 'The tmux server is gone.')));
      },
    };
    server.listeners.add(this.#listener);
    life.onEnd(() => server.listeners.delete(this.#listener));
    for (const pane of server.panes.values()) this.#takeOver(pane);
  }

  async command(): Promise<string[]> {
    await this.#turn();
    return [];
  }

  async createWindow(window: {
    name: string;
    options: Readonly<Record<UserOption, string>>;
  }): Promise<PaneId> {
    await this.#turn();
    const pane = this.#server.makePane(window.name);
    for (const [option, value] of Object.entries(window.options)) pane.options.set(option, value);
    return pane.id;
  }

  async setOption(id: PaneId, option: UserOption, value: string): Promise<void> {
    (await this.#pane(id)).options.set(option, value);
  }

  async listPanes(options: readonly UserOption[] = []): Promise<Pane[]> {
    await this.#turn();
    return [...this.#server.panes.values()].map(({ id, window, name, run, options: set }) => ({
      pane: id,
      window,
      windowName: name,
      title: '',
      pid: run?.hostPid ?? 0,
      dead: !run || run.exit !== undefined,
      options: Object.fromEntries(
        options.flatMap((option) => {
          const value = set.get(option);
          return value === undefined || value === '' ? [] : [[option, value]];
        }),
      ),
    }));
  }

  async findPane(option: UserOption, value: string): Promise<PaneId | undefined> {
    await this.#turn();
    return [...this.#server.panes.values()].find(({ options }) => options.get(option) === value)?.id;
  }

  async run(id: PaneId, spec: RunSpec): Promise<{ pid: number }> {
    const run = this.#runs.begin(spec.runId, id);
    try {
      const pane = await this.#pane(id);
      const { hostPid } = this.#server.run(pane, spec);
      pane.options.set(runOption, spec.runId);
      await this.#turn();
      this.#runs.confirm(run);
      return { pid: hostPid };
    } catch (error) {
      this.#runs.abandon(run);
      throw error;
    }
  }

  keepOutput(): Promise<boolean> {
    return Promise.resolve(false);
  }

  onExit(listener: (exit: RunExit) => void): () => void {
    return this.#runs.exits.listen(listener);
  }

  onVanished(listener: (vanished: { readonly pane: PaneId }) => void): () => void {
    return this.#vanished.listen(listener);
  }

  async paste(id: PaneId, text: string): Promise<void> {
    const pane = await this.#pane(id);
    pane.input += text;
  }

  pressEnter(pane: PaneId): Promise<void> {
    return this.sendKeys(pane, ['Enter']);
  }

  async sendKeys(id: PaneId, keys: readonly Key[]): Promise<void> {
    const pane = await this.#pane(id);
    for (const key of keys) {
      if (key === 'Enter') this.#server.enter(pane);
      else if (key === 'C-u') pane.input = '';
      else if (key === 'C-c' && pane.run && !pane.run.exit) pane.run.program.interrupt();
    }
  }

  submit(pane: PaneId, text: string, options: SubmitOptions = {}): Promise<void> {
    const paste = (pasted: string) => this.paste(pane, pasted);
    return submit({ paste, press: (key) => this.sendKeys(pane, [key]) }, text, options);
  }

  async capture(id: PaneId): Promise<string[]> {
    const { screen, input } = await this.#pane(id);
    return [...screen, input];
  }

  async textBeforeCursor(id: PaneId): Promise<string> {
    return (await this.#pane(id)).input;
  }

  async rename(id: PaneId, name: string): Promise<void> {
    (await this.#pane(id)).name = name;
  }

  async killPane(id: PaneId): Promise<void> {
    this.#server.removePane(await this.#pane(id));
  }

  clientsAttached(): Promise<number> {
    return Promise.resolve(0);
  }

  attachCommand(): string[] {
    return ['tmux', 'attach-session'];
  }

  async end(): Promise<PaneId[]> {
    await this.shutDown();
    return [];
  }

  async disconnect(): Promise<void> {
    this.#server.listeners.delete(this.#listener);
  }

  async shutDown(): Promise<void> {
    await this.disconnect();
    if (!this.#isLost && this.#server.pid === this.serverPid) this.#server.die();
  }

  /** A run that began under an earlier daemon is known; word of one that has ended since lies there. */
  #takeOver(pane: SimulatedPane): void {
    const { run } = pane;
    if (!run) return;
    this.#runs.confirm(this.#runs.begin(run.spec.runId, pane.id));
    if (run.exit) this.#hostSays(run.spec, run.exit);
  }

  #tellExit({ id }: SimulatedPane, { spec, exit }: PaneRun): void {
    if (exit && this.#server.panes.has(id)) this.#hostSays(spec, exit);
  }

  /** What the program printed is all taken down by then. */
  #hostSays({ runId, output }: RunSpec, exit: ProcessExit): void {
    if (output) {
      mkdirSync(dirname(output.file), { recursive: true });
      appendFileSync(output.file, endMark(runId));
    }
    this.#runs.end(runId, exit, 'host');
  }

  /** Word comes within milliseconds; sometimes only the poll sees it. */
  #later(act: () => void): void {
    const isLate = this.#chance.happens(0.1);
    this.#life.receive(isLate ? this.#chance.between(1, poll) : 3, act);
  }

  async #turn(): Promise<void> {
    await daemonPause(commandTime);
    if (this.#isLost || this.#server.pid !== this.serverPid)
      throw new TmuxError('lost', 'The tmux server is gone.');
  }

  async #pane(id: PaneId): Promise<SimulatedPane> {
    await this.#turn();
    const pane = this.#server.panes.get(id);
    if (!pane) throw new TmuxError('no-pane', `There is no pane ${id}.`);
    return pane;
  }
}
