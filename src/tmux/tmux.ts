/** Our tmux server as the rest of the daemon sees it: windows, runs in panes, typing, reading, ends. */
import { isAbsolute } from 'node:path';
import type { ProcessIdentity } from '../processes/process-entry.ts';
import { type CaptureOptions, capture, textBeforeCursor } from './capture.ts';
import type { Connection } from './connection.ts';
import { hostArguments, isRunId } from './host-script.ts';
import { type Key, paste, sendKeys } from './input.ts';
import { encodeOptionValue } from './option-value.ts';
import { type OutputFile, outputCommand } from './output-script.ts';
import { overviewMark, sessionName } from './overview-window.ts';
import type { PaneId, UserOption } from './pane-id.ts';
import type { PaneWatch } from './pane-watch.ts';
import { listPanes, type Pane, toPaneId } from './panes.ts';
import { type Command, escapeFormat } from './quoting.ts';
import type { RunDirectory } from './run-directory.ts';
import type { RunExit } from './run-ledger.ts';
import { endServer, type ServerAccess } from './server-process.ts';
import { type SubmitOptions, submit } from './submit.ts';
import { TmuxError } from './tmux-error.ts';
import { toWindowName } from './window-name.ts';

/** The variable by which everything that a run has started is found: see endMarkedProcesses. */
export const runMark = 'ORCHESTRA_RUN';

/** The pane option that names the run in the pane, for a daemon that comes later. */
export const runOption: UserOption = '@orchestra_run';

/** A program to run in a pane. */
export interface RunSpec {
  /** Names this one start of the program; never used again. Letters, digits, `_` and `-`. */
  readonly runId: string;
  /** The program and its arguments, handed over as they are. */
  readonly argv: readonly string[];
  /** Absolute. If it cannot be entered, the run ends with status 126. */
  readonly cwd: string;
  /** Added to the server's environment; `ORCHESTRA_RUN=<runId>` comes with it. */
  readonly environment: Readonly<Record<string, string>>;
  /** The folder of a control group that the program and its host join, where the system lets them. */
  readonly controlGroup?: string | undefined;
  /** Where what it prints is taken down, from its first word on; without it, where the pane's output went before. */
  readonly output?: OutputFile | undefined;
}

export interface TmuxParts {
  readonly version: string;
  readonly access: ServerAccess;
  readonly directory: RunDirectory;
  readonly connection: Connection;
  readonly watch: PaneWatch;
  readonly lost: Promise<TmuxError>;
}

/** Made by openTmux. Every method may throw a TmuxError `lost`, those that name a pane also `no-pane`. */
export class Tmux {
  /** What `tmux -V` says, such as `3.3a`. */
  readonly version: string;
  readonly serverPid: number;
  /** The server for ever: its pid may be used again one day. */
  readonly server: ProcessIdentity;
  /** Resolves when the server, or for the second time in short the connection to it, is gone. Never rejects. */
  readonly lost: Promise<TmuxError>;
  readonly #access: ServerAccess;
  readonly #directory: RunDirectory;
  readonly #connection: Connection;
  readonly #watch: PaneWatch;

  constructor({ version, access, directory, connection, watch, lost }: TmuxParts) {
    this.version = version;
    this.server = connection.server;
    this.serverPid = this.server.pid;
    this.lost = lost;
    this.#access = access;
    this.#directory = directory;
    this.#connection = connection;
    this.#watch = watch;
  }

  /**
   * Carries out one tmux command, every argument meaning only itself, and gives the lines of its output. It must not be
   * one that carries out others (`if-shell`, `source-file` …): their replies would be taken for later commands'.
   */
  command(...argv: Command): Promise<string[]> {
    return this.#connection.command(...argv);
  }

  /** A new window with one dead pane, to be given a program by `run`. */
  async createWindow(window: {
    name: string;
    options: Readonly<Record<UserOption, string>>;
  }): Promise<PaneId> {
    const place = ['-t', `=${sessionName}:`, '-n', escapeFormat(toWindowName(window.name))];
    const nothing = ['/bin/sh', '-c', ':'];
    const [id = ''] = await this.command(
      'new-window',
      '-d',
      '-P',
      '-F',
      '#{pane_id}',
      ...place,
      '--',
      ...nothing,
    );
    const pane = toPaneId(id);
    this.#watch.add(pane);
    for (const [option, value] of Object.entries(window.options)) {
      await this.command('set-option', '-p', '-t', pane, option, encodeOptionValue(value));
    }
    return pane;
  }

  /** Marks the pane, for this daemon and those that come later; any text will do, an empty one unmarks it. */
  async setOption(pane: PaneId, option: UserOption, value: string): Promise<void> {
    await this.command('set-option', '-p', '-t', pane, option, encodeOptionValue(value));
  }

  /** All panes of all sessions, the overview's and people's own too, with those of their options that are named. */
  listPanes(options: readonly UserOption[] = []): Promise<Pane[]> {
    return listPanes((...argv) => this.command(...argv), options);
  }

  /** The pane whose user option has this value. */
  async findPane(option: UserOption, value: string): Promise<PaneId | undefined> {
    const panes = await this.listPanes([option]);
    return panes.find(({ options }) => options[option] === value)?.pane;
  }

  /**
   * Gives the pane to a program, whatever is in it (a run that has not ended is announced as `replaced`; its processes
   * are the caller's to end).
   *
   * @returns the pid of our host, the program's parent
   */
  async run(pane: PaneId, spec: RunSpec): Promise<{ pid: number }> {
    this.#check(spec);
    const run = this.#watch.runs.begin(spec.runId, pane);
    try {
      const [, , [pid] = []] = await this.#connection.sequence([
        this.#respawn(pane, spec),
        ['set-option', '-p', '-t', pane, runOption, spec.runId],
        ['display-message', '-p', '-t', pane, '#{pane_pid}'],
        // A dead pane takes no writer, and one that it had before it died stays with it.
        ...(spec.output && !(await this.#hasWriter(pane)) ? [this.#takeDown(pane, spec.output)] : []),
      ]);
      this.#watch.confirm(run);
      return { pid: Number(pid) };
    } catch (error) {
      this.#watch.runs.abandon(run);
      throw error;
    }
  }

  /**
   * Takes down what the pane's program prints, if nobody does: the writer has died, or the disk was full. tmux knows that
   * from the next word on, which is lost.
   *
   * @returns whether there was none, so that something is missing
   */
  async keepOutput(pane: PaneId, output: OutputFile): Promise<boolean> {
    if (await this.#hasWriter(pane)) return false;
    await this.#connection.command(...this.#takeDown(pane, output));
    return true;
  }

  /** Hears of each run's end exactly once. At first, of the last run in each pane that has already ended. @returns stops it */
  onExit(listener: (exit: RunExit) => void): () => void {
    return this.#watch.runs.exits.listen(listener);
  }

  /** Hears of panes that are gone altogether, also of those already gone; the run in it ends before. @returns stops it */
  onVanished(listener: (vanished: { readonly pane: PaneId }) => void): () => void {
    return this.#watch.vanished.listen(listener);
  }

  /** Pastes text, control characters removed, as one bracketed paste. It is not submitted. */
  paste(pane: PaneId, text: string): Promise<void> {
    return paste((...sequence) => this.#connection.sequence(...sequence), this.#directory.pastes, pane, text);
  }

  pressEnter(pane: PaneId): Promise<void> {
    return this.sendKeys(pane, ['Enter']);
  }

  sendKeys(pane: PaneId, keys: readonly Key[]): Promise<void> {
    return sendKeys((...sequence) => this.#connection.sequence(...sequence), pane, keys);
  }

  /**
   * Hands a prompt to the program in the pane until it says that it has it: see submit.ts.
   *
   * @throws TmuxError `not-accepted`
   */
  submit(pane: PaneId, text: string, options: SubmitOptions = {}): Promise<void> {
    const paste = (pasted: string) => this.paste(pane, pasted);
    return submit({ paste, press: (key) => this.sendKeys(pane, [key]) }, text, options);
  }

  /** What the pane shows. Untrusted text. */
  capture(pane: PaneId, options: CaptureOptions = {}): Promise<string[]> {
    return capture((...argv) => this.command(...argv), pane, options);
  }

  /** What the screen shows up to the cursor, lines joined. Untrusted text. */
  textBeforeCursor(pane: PaneId): Promise<string> {
    return textBeforeCursor((...argv) => this.command(...argv), pane);
  }

  /** Names the pane's window; any text will do. */
  async rename(pane: PaneId, name: string): Promise<void> {
    await this.command('rename-window', '-t', pane, '--', escapeFormat(toWindowName(name)));
  }

  /** Removes the pane, and its window with the last one. What ran in it gets SIGHUP; what ignores that is the caller's to end. */
  async killPane(pane: PaneId): Promise<void> {
    await this.command('kill-pane', '-t', pane);
  }

  /** How many people look at the session at this moment. */
  async clientsAttached(): Promise<number> {
    const modes = await this.command('list-clients', '-F', '#{client_control_mode}');
    return modes.filter((mode) => mode === '0').length;
  }

  /** What a person types to see the session, as arguments. */
  attachCommand(): string[] {
    return [this.#access.binary, '-S', this.#access.socket, 'attach-session', '-t', `=${sessionName}`];
  }

  /** Leaves the server and its panes to a daemon that comes later. `lost` stays pending. */
  async disconnect(): Promise<void> {
    this.#watch.stop();
    await this.#connection.close();
  }

  /**
   * Ends the server, unless somebody else's program runs in it: then only what is ours goes.
   *
   * @returns the panes that stay
   */
  async end(): Promise<PaneId[]> {
    const panes = await this.listPanes([overviewMark, runOption]);
    const isOurs = ({ dead, options }: Pane) => dead || overviewMark in options || runOption in options;
    const left = panes.filter((pane) => !isOurs(pane)).map(({ pane }) => pane);
    if (left.length === 0) await this.shutDown();
    else {
      for (const { pane } of panes.filter(isOurs)) await this.killPane(pane);
      await this.disconnect();
    }
    return left;
  }

  /** Ends the server, by SIGKILL if need be. What ran in its panes and ignores SIGHUP is the caller's to end. */
  async shutDown(): Promise<void> {
    await this.disconnect();
    await endServer(this.#connection.server, this.#access);
  }

  async #hasWriter(pane: PaneId): Promise<boolean> {
    const [piped] = await this.command('display-message', '-p', '-t', pane, '#{pane_pipe}');
    return piped === '1';
  }

  #takeDown(pane: PaneId, output: OutputFile): Command {
    return ['pipe-pane', '-t', pane, outputCommand(this.#directory.output, output)];
  }

  #check({ runId, argv, cwd }: RunSpec): void {
    const refuse = (what: string) => new TmuxError('command-failed', `A run cannot be started: ${what}.`);
    if (!isRunId(runId)) throw refuse(`${JSON.stringify(runId)} is no run id`);
    if (this.#watch.runs.has(runId)) throw refuse(`${runId} already runs`);
    if (!isAbsolute(cwd)) throw refuse(`${JSON.stringify(cwd)} is no absolute path`);
    const [program = ''] = argv;
    if (program === '' || program.startsWith('-')) throw refuse(`${JSON.stringify(program)} is no program`);
  }

  /** tmux drops the variables of an earlier respawn, so all are given each time. */
  #respawn(pane: PaneId, { runId, argv, cwd, environment, controlGroup }: RunSpec): Command {
    const variables = Object.entries({ ...environment, [runMark]: runId });
    return [
      ...['respawn-pane', '-k', '-t', pane, '-c', escapeFormat(cwd)],
      ...variables.flatMap(([name, value]) => ['-e', `${name}=${value}`]),
      ...[
        '--',
        ...hostArguments(this.#directory.host, {
          exits: this.#directory.exits,
          runId,
          controlGroup,
          cwd,
          argv,
        }),
      ],
    ];
  }
}
