/** Signals to a daemon in the foreground: the first drains it, the second ends it at once. */
import { constants } from 'node:os';
import type { Daemon } from '../../daemon/start-daemon.ts';
import { printNotice } from '../output.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

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
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}
