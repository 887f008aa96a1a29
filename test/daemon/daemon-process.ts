/** `orchestra up` as a process of its own, with all that it prints. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../src/package/package-root.ts';

export const orchestraCommand = join(packageRoot, 'dist/src/cli/main.js');

export interface DaemonEnd {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** Standard output and error together. */
  all: string;
}

export class DaemonProcess {
  readonly #child: ChildProcess;
  readonly ended: Promise<DaemonEnd>;

  constructor(folder: string, args: readonly string[]) {
    const child = spawn(process.execPath, [orchestraCommand, 'up', '--plain', ...args], { cwd: folder });
    const printed: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => printed.push(chunk));
    this.#child = child;
    this.ended = new Promise((resolve) => {
      child.on('close', (exitCode, signal) =>
        resolve({ exitCode, signal, all: Buffer.concat(printed).toString() }),
      );
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Closes both pipes, as a terminal does that is closed. */
  stopReading(): void {
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}
