/** Work that leaves something half done when its process is ended: it hears of the signal, and the signal has its effect after it. */

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `work` has to end soon when its signal aborts; a second signal does not wait for that. */
export async function interruptibly<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const stop = new AbortController();
  let received: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    received = signal;
    release();
    stop.abort();
  };
  const release = (): void => {
    for (const signal of signals) process.off(signal, onSignal);
  };
  for (const signal of signals) process.on(signal, onSignal);
  try {
    return await work(stop.signal);
  } finally {
    release();
    if (received) process.kill(process.pid, received);
  }
}
