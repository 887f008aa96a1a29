/** How long a quarantine lasts: the longer, the sooner it follows another. Pure arithmetic on times in ms since the epoch. */

/** What stays on record of an agent's latest quarantine, also after its end. */
export interface QuarantineRecord {
  /** Counts from 1; the how-manieth in a row. */
  times: number;
  /** When it ends, or ended, ISO 8601. */
  until: string;
}

/** The most that doubling comes to, in ms. */
const longest = 6 * 3_600_000;

/**
 * The quarantine that begins at `now`. It follows the one before it in a row when the agent has not been out for as long
 * as that one lasted.
 */
export function nextQuarantine(
  before: QuarantineRecord | undefined,
  cooldown: number,
  now: number,
): QuarantineRecord {
  const isRepeated =
    before !== undefined && now < Date.parse(before.until) + lengthOf(before.times, cooldown);
  const times = isRepeated ? before.times + 1 : 1;
  return { times, until: new Date(now + lengthOf(times, cooldown)).toISOString() };
}

function lengthOf(times: number, cooldown: number): number {
  return Math.max(cooldown, Math.min(cooldown * 2 ** (times - 1), longest));
}
