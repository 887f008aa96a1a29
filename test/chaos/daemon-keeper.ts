/** Keeps the daemon running as systemd would: whenever its process ends unasked, another follows after a short pause. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../src/package/package-root.ts';
import type { Ground } from './ground.ts';

/** `RestartSec` of the unit, in ms. */
const pauseBeforeRestart = 300;

export interface DaemonDeath {
  readonly at: number;
  /** `status 1`, `SIGKILL` … */
  readonly how: string;
}

export class DaemonKeeper {
  readonly deaths: DaemonDeath[] = [];
  readonly #ground: Ground;
  readonly #output: WriteStream;
  #child: ChildProcess | undefined;
  #isWanted = false;
  #restart: NodeJS.Timeout | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(ground: Ground) {
    this.#ground = ground;
    this.#output = createWriteStream(join(ground.root, 'daemon.out'), { flags: 'a' });
    process.once('exit', () => this.kill('SIGTERM'));
  }

  /** The present process; 0 between two. */
  get pid(): number {
    const child = this.#child;
    return child && child.exitCode === null && child.signalCode === null ? (child.pid ?? 0) : 0;
  }

  /** Starts the daemon, and from now on every successor. */
  start(): void {
    this.#isWanted = true;
    const child = spawn(process.execPath, [cli, '--config', this.#ground.configFile, 'up', '--plain'], {
      cwd: this.#ground.root,
      env: daemonEnvironment(this.#ground),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.pipe(this.#output, { end: false });
    child.stderr.pipe(this.#output, { end: false });
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      child.once('close', (status, signal) => {
        this.deaths.push({ at: Date.now(), how: signal ?? `status ${status}` });
        resolve();
        if (this.#isWanted) this.#restart = setTimeout(() => this.start(), pauseBeforeRestart);
      });
    });
  }

  /** Kills it and starts none until `start`; resolves when it is gone. */
  async hold(): Promise<void> {
    this.#isWanted = false;
    clearTimeout(this.#restart);
    this.kill('SIGKILL');
    await this.#ended;
  }

  kill(signal: NodeJS.Signals): void {
    if (this.pid !== 0) this.#child?.kill(signal);
  }

  /** Ends it in good order; resolves with how it ended. */
  async stop(): Promise<string> {
    this.#isWanted = false;
    clearTimeout(this.#restart);
    this.kill('SIGTERM');
    await this.#ended;
    this.#output.end();
    return this.deaths.at(-1)?.how ?? 'it never ran';
  }
}

const cli = join(packageRoot, 'dist', 'src', 'cli', 'main.js');
const preload = pathToFileURL(join(packageRoot, 'test', 'chaos', 'fixtures', 'misbehave.mjs')).href;

/** Ours, without what belongs to an orchestra or a tmux that the caller may sit in, and with the means to misbehave. */
function daemonEnvironment({ control }: Ground): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) =>
      !name.startsWith('TMUX') && (!name.startsWith('ORCHESTRA_') || name === 'ORCHESTRA_NATS_SERVER'),
  );
  return { ...Object.fromEntries(own), NODE_OPTIONS: `--import ${preload}`, CHAOS_CONTROL: control };
}
