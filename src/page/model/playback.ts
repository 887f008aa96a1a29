/** Playing a recording: how far it goes in a stretch of time. Pure. */

export interface Playhead {
  /** How many transitions have happened. */
  readonly count: number;
  /** The moment in the recording, milliseconds since the epoch. */
  readonly at: number;
}

/** However long nothing happened: after this many milliseconds of watching, the next transition comes. */
export const longestWait = 1_500;

/**
 * Lets `elapsed` milliseconds pass at `speed` times the recorded pace.
 * @param times when each transition happened, ascending
 */
export function advance(times: readonly number[], head: Playhead, elapsed: number, speed: number): Playhead {
  let { count, at } = head;
  const next = times[count];
  if (next !== undefined) at = Math.max(at, next - longestWait * speed);
  at += elapsed * speed;
  while (count < times.length && (times[count] ?? 0) <= at) count += 1;
  return { count, at };
}

/** The longest and shortest stretch that still make a difference to the eye, milliseconds for one bar. */
const [quiet, busy] = [60_000, 5];

/** How busy each of `count` equal parts of the transitions was, from 0.08 to 1: by the logarithm of the time it took. */
export function densities(times: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, part) => {
    const from = times[Math.floor((part * times.length) / count)] ?? 0;
    const to = times[Math.min(times.length - 1, Math.floor(((part + 1) * times.length) / count))] ?? from;
    const took = Math.min(quiet, Math.max(busy, to - from));
    return Math.max(0.08, 1 - Math.log(took / busy) / Math.log(quiet / busy));
  });
}
