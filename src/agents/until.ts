/** Waiting for an event of an emitter, given up when a signal aborts. */

/**
 * Resolves when `listen` calls its argument, rejects when `signal` aborts; `listen` returns what takes the listener away,
 * which is called in both cases.
 */
export function until<T>(
  signal: AbortSignal,
  listen: (resolve: (value: T) => void) => () => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let unlisten: (() => void) | undefined;
    let settled = false;
    const finish = (act: () => void) => {
      if (settled) return;
      settled = true;
      signal.removeEventListener('abort', abort);
      unlisten?.();
      act();
    };
    const abort = () => finish(() => reject(signal.reason));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    unlisten = listen((value) => finish(() => resolve(value)));
    if (settled) unlisten();
  });
}
