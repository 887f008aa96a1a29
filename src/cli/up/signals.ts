/** Signals to a daemon in the foreground: the first drains it, the second ends it at once; a fault of ours ends it with 1. */
import { constants } from 'node:os';
import type { Daemon } from '../../daemon/start-daemon.ts';
import { printNotice } from '../output.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const outputs = [process.stdout, process.stderr];

/** While the daemon starts, a signal, or the end of its reader, ends the start: what stands already is taken down again. */
export async function untilSignalled<T>(start: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ended = new AbortController();
  const onSignal = (): void => ended.abort();
  for (const signal of signals) process.on(signal, onSignal);
  for (const output of outputs) output.on('error', onSignal);
  try {
    return await start(ended.signal);
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
    for (const output of outputs) output.off('error', onSignal);
  }
}

/** Listens until the returned function is called. */
export function superviseSignals(daemon: Daemon): () => void {
  let asked = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (!asked) {
      asked = true;
      daemon.stop(signal);
      return;
    }
    printNotice('Ending at once.');
    void daemon.kill().finally(() => process.exit(128 + constants.signals[signal]));
  };
  // What is broken inside must not go on outside: whoever starts the daemon again finds panes and store as they are.
  const onFault = (error: unknown): void => {
    daemon.world.log.fatal({ err: error }, 'daemon.fault');
    printNotice(`orchestra: unexpected fault, see ${daemon.world.state.logFile}\n${String(error)}`);
    process.exit(1);
  };
  // One request to end, never the second one that ends at once.
  const onReaderGone = (): void => {
    if (asked) return;
    asked = true;
    daemon.stop('its reader has gone');
  };
  for (const signal of signals) process.on(signal, onSignal);
  for (const output of outputs) output.on('error', onReaderGone);
  process.on('uncaughtException', onFault);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
    process.off('uncaughtException', onFault);
    for (const output of outputs) output.off('error', onReaderGone);
  };
}
