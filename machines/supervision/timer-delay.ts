/** What a timer can hold. XState's timers are Node's: a longer delay would fire at once. */

const longestDelay = 2 ** 31 - 1;

/** The delay a timer is set to for this many milliseconds; what is too long becomes the longest there is, 24 days. */
export function timerDelay(milliseconds: number): number {
  return Math.min(milliseconds, longestDelay);
}
