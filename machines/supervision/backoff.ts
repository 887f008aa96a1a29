/** How long a supervisor waits before it starts a crashed child again; an option, OTP and the default restart at once. */

/** Exponential waiting as plain data: `min`, `min * factor`, `min * factor^2` … milliseconds, at most `max`. */
export interface Backoff {
  /** Milliseconds before the first restart; above 0, so that the event loop always gets its turn. */
  readonly min: number;
  /** Upper limit in milliseconds, before jitter. */
  readonly max: number;
  /** At least 1. */
  readonly factor: number;
  /** Share of the delay, 0 to 1, that chance may add on top, so that many children do not come back as one. */
  readonly jitter: number;
}

/**
 * Milliseconds to wait before the restart that follows the `failures`th failure in a row, counted from 1.
 * `random` is in [0, 1).
 */
export function backoffDelay(backoff: Backoff, failures: number, random: number): number {
  const delay = Math.min(backoff.max, backoff.min * backoff.factor ** (failures - 1));
  return delay * (1 + backoff.jitter * random);
}

/** Whether `value` is a backoff whose delays are all positive and within what a timer can hold. */
export function isBackoff(value: unknown): value is Backoff {
  // What is no object has none of these.
  const { min, max, factor, jitter }: Partial<Record<keyof Backoff, unknown>> = Object(value);
  return (
    isWithin(min, Number.MIN_VALUE, 2 ** 30) &&
    isWithin(max, min, 2 ** 30) &&
    isWithin(factor, 1, Number.MAX_VALUE) &&
    isWithin(jitter, 0, 1)
  );
}

function isWithin(value: unknown, low: number, high: number): value is number {
  return typeof value === 'number' && value >= low && value <= high;
}
