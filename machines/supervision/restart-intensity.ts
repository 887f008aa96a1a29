/** OTP's exact rule for too many restarts: whole seconds, both edges of the window included. */

/** How many restarts are allowed within how many seconds. */
export interface RestartLimit {
  readonly intensity: number;
  readonly period: number;
}

/** The restarts that still count after one more, newest first, and whether that one was allowed. */
export interface ChargedRestart {
  readonly restarts: readonly number[];
  readonly allowed: boolean;
}

/**
 * Charges one restart at `now`, in whole monotonic seconds (supervisor.erl, `add_restart/1`). A restart exactly
 * `period` seconds old still counts, so the real window is up to nearly `period + 1` seconds long.
 */
export function chargeRestart(restarts: readonly number[], now: number, limit: RestartLimit): ChargedRestart {
  const counted = [now, ...restartsInWindow(restarts, now, limit.period)];
  return { restarts: counted, allowed: counted.length <= limit.intensity };
}

/** Those of `restarts`, newest first, that still count at `now`. */
export function restartsInWindow(
  restarts: readonly number[],
  now: number,
  period: number,
): readonly number[] {
  const firstExpired = restarts.findIndex((restart) => restart < now - period);
  return firstExpired === -1 ? restarts : restarts.slice(0, firstExpired);
}
