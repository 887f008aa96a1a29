/** A throw-away project with a git repository, a bare origin and issues, and the real daemon as a process on it. */
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import type { Bus } from '../../src/bus/bus.ts';
import { connectBus } from '../../src/bus/connect-bus.ts';
import { readEvents } from '../../src/bus/read-events.ts';
import { type Fact, facts, readFact } from '../../src/events/facts.ts';
import { type DaemonFile, readDaemonFile } from '../../src/state-folder/daemon-file.ts';
import { type StateFolder, stateFolder } from '../../src/state-folder/state-folder.ts';
import { DaemonProcess, orchestraCommand } from './daemon-process.ts';
import { processesOf } from './processes-of.ts';
import { waitUntil } from './wait-until.ts';

export interface IssueFile {
  title: string;
  body?: string;
  [key: string]: unknown;
}

export interface ProjectOptions {
  agents: Record<string, object>;
  flow?: string[];
  /** By file name without `.md`. */
  issues?: Record<string, IssueFile>;
  /** More of the configuration. */
  config?: object;
}

export class OrchestraProject {
  readonly folder: string;
  readonly state: StateFolder;
  readonly facts: Fact[] = [];
  #daemon: DaemonProcess | undefined;
  #bus: Bus | undefined;
  readonly #over = new AbortController();

  private constructor(folder: string) {
    this.folder = folder;
    this.state = stateFolder(join(folder, 'state'));
  }

  static async create({ agents, flow, issues = {}, config = {} }: ProjectOptions): Promise<OrchestraProject> {
    const project = new OrchestraProject(await mkdtemp(join(tmpdir(), 'orch-')));
    await project.#createRepository();
    await mkdir(project.path('issues'));
    for (const [name, issue] of Object.entries(issues)) await project.writeIssue(name, issue);
    await project.writeConfig({
      state: 'state',
      repository: 'repository',
      agents,
      flow: flow ?? ['codegen'],
      // A machine that stands still for a while must not turn an orderly end into one by force.
      shutdown: { timeout: '40s' },
      ...config,
    });
    return project;
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  async writeConfig(config: object): Promise<void> {
    await this.#replace('orchestra.yaml', stringify(config));
  }

  async writeIssue(name: string, { body = '', ...frontMatter }: IssueFile): Promise<void> {
    await this.#replace(join('issues', `${name}.md`), `---\n${stringify(frontMatter)}---\n${body}\n`);
  }

  /** Nobody sees half of it. */
  async #replace(name: string, text: string): Promise<void> {
    const draft = this.path(`${randomUUID()}.draft`);
    await writeFile(draft, text);
    await rename(draft, this.path(name));
  }

  readIssue(name: string): Promise<string> {
    return readFile(this.path('issues', `${name}.md`), 'utf8');
  }

  /** What origin's mainline holds at a path. */
  async deployed(path: string): Promise<string> {
    return (await this.git('show', `refs/remotes/origin/main:${path}`)).stdout;
  }

  git(...args: string[]) {
    return execa('git', ['-C', this.path('repository'), ...args]);
  }

  /** Asks the project's own tmux server. */
  async tmux(...args: string[]): Promise<string> {
    return (await execa('tmux', ['-S', this.state.tmuxSocket, ...args])).stdout;
  }

  /** Runs a command of the CLI on this project. */
  cli(
    args: readonly string[],
    options: { reject?: boolean; input?: string; env?: Record<string, string> } = {},
  ) {
    return execa(process.execPath, [orchestraCommand, ...args], {
      cwd: this.folder,
      reject: true,
      ...options,
    });
  }

  /** Starts the daemon and waits until it is up and its facts are read. */
  async up(...args: string[]): Promise<void> {
    const daemon = this.start(...args);
    this.#daemon = daemon;
    const announced = await waitUntil('the daemon to be up', async () => {
      if (daemon.hasEnded) throw new Error(`the daemon ended at once: ${(await daemon.ended).all}`);
      const found = await readDaemonFile(this.state.daemonFile);
      return found?.pid === daemon.pid ? found : undefined;
    });
    // After a restart on the same store the first listener goes on by itself.
    if (!this.#bus) await this.#listen(announced);
  }

  start(...args: string[]): DaemonProcess {
    return new DaemonProcess(this.folder, args);
  }

  get daemon(): DaemonProcess {
    if (!this.#daemon) throw new Error('not up');
    return this.#daemon;
  }

  /** The first fact that fits, told since `from` (a length of `facts`). */
  fact(what: string, fits: (fact: Fact) => boolean, from = 0): Promise<Fact> {
    return waitUntil(
      `fact: ${what}`,
      () => this.facts.slice(from).find(fits),
      () => this.facts.slice(-15),
    );
  }

  /** All facts as the log has them: the last ones before the daemon's end reach it, but perhaps no listener any more. */
  async loggedFacts(): Promise<Pick<Fact, 'name' | 'about' | 'body'>[]> {
    const lines = (await readFile(this.state.logFile, 'utf8')).trim().split('\n');
    return lines
      .map((line) => JSON.parse(line))
      .filter(({ msg }) => msg in facts)
      .map(({ msg, about, level: _level, time: _time, ...body }) => ({ name: msg, about, body }));
  }

  factsNamed(name: Fact['name'], about?: string): Fact[] {
    return this.facts.filter((fact) => fact.name === name && (about === undefined || fact.about === about));
  }

  get bus(): Bus {
    if (!this.#bus) throw new Error('not up');
    return this.#bus;
  }

  /** Ends the daemon, whatever state it is in, and what one that was killed has left; removes the folder. */
  async remove(): Promise<void> {
    this.#over.abort();
    await this.#bus?.close(100);
    this.#daemon?.kill('SIGTERM');
    await this.#daemon?.ended;
    // One that is being killed, or was in the middle of a fork or an execve(2) at the first look, may still write.
    await waitUntil('its processes to be gone', async () => {
      const left = await processesOf(this.folder);
      for (const { pid } of left) end(pid);
      return left.length === 0;
    });
    await rm(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }

  async #listen({ natsUrl, operatorKey }: DaemonFile): Promise<void> {
    const seed = (await readFile(operatorKey, 'utf8')).trim();
    const { signal } = this.#over;
    const bus = await connectBus({ url: natsUrl, seed, name: 'test', waitOnFirstConnect: true, signal });
    this.#bus = bus;
    const read = async () => {
      for await (const { subject, body } of readEvents(bus, { follow: true, signal })) {
        const fact = readFact(subject, body);
        if (fact) this.facts.push(fact);
      }
    };
    read().catch((error: Error) => {
      if (!signal.aborted) throw error;
    });
  }

  async #createRepository(): Promise<void> {
    const identity = [
      '-c',
      'user.name=test',
      '-c',
      'user.email=test@localhost',
      '-c',
      'commit.gpgSign=false',
    ];
    await execa('git', ['init', '-q', '--bare', '-b', 'main', this.path('origin.git')]);
    await execa('git', ['init', '-q', '-b', 'main', this.path('repository')]);
    await this.git(...identity, 'commit', '-q', '--allow-empty', '-m', 'begin');
    await this.git('remote', 'add', 'origin', this.path('origin.git'));
    await this.git('push', '-q', 'origin', 'main');
    await this.git('fetch', '-q', 'origin');
    await this.git('remote', 'set-head', 'origin', 'main');
  }
}

/** It may have ended by itself meanwhile. */
function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
