/** How long a quarantine lasts: the longer, the sooner it follows another. Pure arithmetic on times in ms since the epoch. */

/** What stays on record of an agent's latest quarantine, also after its end. */
export interface QuarantineRecord {
  /** Counts from 1; the how-manieth in a row. */
  times: number;
  /** When it ends, or ended, ISO 8601. */
  until: string;
}

export interface CooldownRule {
  /** How long a first quarantine lasts, in ms. */
  cooldown: number;
  /** Over how long the restarts are counted that lead to one, in seconds. */
  period: number;
}

/** The most that doubling comes to, in ms. */
const longest = 6 * 3_600_000;

/**
 * The quarantine that begins at `now`. It follows the one before it in a row when the agent has not been out for as long
 * as that one lasted, or for less than it takes to count its restarts.
 */
export function nextQuarantine(
  before: QuarantineRecord | undefined,
  rule: CooldownRule,
  now: number,
): QuarantineRecord {
  const times = before !== undefined && now < forgottenAt(before, rule) ? before.times + 1 : 1;
  return { times, until: new Date(now + lengthOf(times, rule)).toISOString() };
}

function forgottenAt({ times, until }: QuarantineRecord, rule: CooldownRule): number {
  return Date.parse(until) + Math.max(lengthOf(times, rule), rule.period * 1_000);
}

function lengthOf(times: number, { cooldown }: CooldownRule): number {
  return Math.max(cooldown, Math.min(cooldown * 2 ** (times - 1), longest));
}
