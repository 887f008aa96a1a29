/** Requests to end a daemon in the foreground: signals, and a reader that has gone. Listened to without a gap, from before it starts. */
import { constants } from 'node:os';
import type { Daemon } from '../../daemon/start-daemon.ts';
import { printNotice } from '../output.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const outputs = [process.stdout, process.stderr];

export class EndRequests {
  readonly #first = new AbortController();
  #daemon: Daemon | undefined;
  #signalled = false;

  constructor() {
    for (const signal of signals) process.on(signal, this.#onSignal);
    for (const output of outputs) output.on('error', this.#onReaderGone);
    process.on('uncaughtException', this.#onFault);
  }

  /** Aborts with the first request. */
  get signal(): AbortSignal {
    return this.#first.signal;
  }

  /** From now on the first request drains this daemon, a second signal ends it at once, and a fault of ours ends it with 1. */
  serve(daemon: Daemon): void {
    this.#daemon = daemon;
    const drain = (): void => daemon.stop(String(this.signal.reason));
    if (this.signal.aborted) drain();
    else this.signal.addEventListener('abort', drain, { once: true });
  }

  /** Stops listening. */
  release(): void {
    for (const signal of signals) process.off(signal, this.#onSignal);
    for (const output of outputs) output.off('error', this.#onReaderGone);
    process.off('uncaughtException', this.#onFault);
  }

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    const isSecond = this.#signalled;
    this.#signalled = true;
    if (!this.signal.aborted) this.#first.abort(signal);
    // A closing terminal is a signal and a reader that goes, in either order: one request. A start cannot be hurried.
    if (!isSecond || !this.#daemon) return;
    printNotice('Ending at once.');
    void this.#daemon.kill().finally(() => process.exit(128 + constants.signals[signal]));
  };

  readonly #onReaderGone = (): void => {
    if (!this.signal.aborted) this.#first.abort('its reader has gone');
  };

  /** What is broken inside must not go on outside: whoever starts the daemon again finds panes and store as they are. */
  readonly #onFault = (error: unknown): void => {
    this.#daemon?.world.log.fatal({ err: error }, 'daemon.fault');
    printNotice(`orchestra: unexpected fault\n${error instanceof Error ? error.stack : String(error)}`);
    process.exit(1);
  };
}
