/** Waiting that signals can end; adds and removes its listeners, because the connection's signals live long. */

/** Settles as `promise` does, or rejects with the reason of the first signal that aborts. */
export async function orAborted<Value>(
  promise: Promise<Value>,
  ...signals: (AbortSignal | undefined)[]
): Promise<Value> {
  let stopListening = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stopListening = onAbort(reject, signals);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    stopListening();
  }
}

/** Resolves after `ms`; rejects with the reason of the first signal that aborts. */
export async function pause(ms: number, ...signals: (AbortSignal | undefined)[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const elapsed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await orAborted(elapsed, ...signals);
  } finally {
    clearTimeout(timer);
  }
}

/** Calls `listener` once with the reason of the first signal that aborts, at once for one that has; returns the undo. */
export function onAbort(
  listener: (reason: unknown) => void,
  signals: readonly (AbortSignal | undefined)[],
): () => void {
  const undo = () => {
    for (const signal of signals) signal?.removeEventListener('abort', aborted);
  };
  const aborted = () => {
    undo();
    listener(signals.find((signal) => signal?.aborted)?.reason);
  };
  if (signals.some((signal) => signal?.aborted)) aborted();
  else for (const signal of signals) signal?.addEventListener('abort', aborted);
  return undo;
}

export interface TimeLimit {
  signal: AbortSignal | undefined;
  clear: () => void;
}

/** A signal that aborts after `ms` with the reason given; without `ms`, none. */
export function timeLimit(ms: number | undefined, reason: () => Error): TimeLimit {
  if (ms === undefined) return { signal: undefined, clear: () => {} };
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(reason()), Math.max(0, ms));
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}
