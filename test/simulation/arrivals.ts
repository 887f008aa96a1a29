/** When issues come and what they are like: figures measured from 598 real ones, none of their texts. */
import type { Issue } from '../../src/tracker/tracker.ts';
import type { Chance } from './chance.ts';

/**
 * Issues opened on each day from 2025-12-16 to 2026-03-05 (UTC) in the real tracker; its pause of 34 days between two
 * phases of work is left out. A day of the simulation is one of these, drawn by chance, scaled to the mean that is asked
 * for: one day in four has nothing or nearly nothing, one in forty has seven times the mean.
 */
const days = [
  21, 6, 3, 1, 7, 11, 9, 34, 13, 3, 10, 3, 17, 8, 9, 7, 1, 5, 0, 1, 17, 1, 7, 6, 2, 1, 2, 14, 26, 3, 5, 0, 6,
  1, 3, 0, 18, 28, 14, 66, 97, 69, 26, 12, 0, 5,
];

/** The same issues by the hour of the day (UTC). */
const hours = [39, 54, 79, 56, 30, 27, 25, 43, 9, 13, 16, 5, 1, 0, 1, 1, 1, 31, 10, 6, 26, 20, 58, 47];

/** More than half come within a minute of the one before: people file what they have found together. */
const burst = { share: 0.55, gap: 19_000 };

/** Of each priority from 0 to 4. */
const priorities = [17, 121, 328, 116, 16];

/** 41 of 598 name blockers, mostly one, mostly of the last few issues. */
const blocked = { share: 41 / 598, second: 0.12, reach: 6 };

const day = 24 * 3_600_000;

/** Milliseconds after midnight at which issues come on one day, in order. */
export function arrivalsOfDay(chance: Chance, issuesPerDay: number): number[] {
  const mean = days.reduce((sum, count) => sum + count, 0) / days.length;
  const expected = ((chance.pick(days) ?? mean) / mean) * issuesPerDay;
  const count = Math.floor(expected) + (chance.happens(expected % 1) ? 1 : 0);
  const times: number[] = [];
  for (let last = 0; times.length < count; ) {
    const follows = times.length > 0 && chance.happens(burst.share);
    last = follows
      ? last + chance.exponential(burst.gap)
      : (chance.weighted(hours) + chance.next()) * 3_600_000;
    if (last < day) times.push(Math.floor(last));
  }
  return times.sort((a, b) => a - b);
}

/** The issue with this number; `open` are those that can block it. */
export function makeIssue(chance: Chance, number: number, open: readonly string[]): Issue {
  const recent = open.slice(-blocked.reach);
  const blockedBy = new Set<string>();
  if (chance.happens(blocked.share)) {
    for (const _ of chance.happens(blocked.second) ? [1, 2] : [1]) {
      const blocker = chance.pick(recent);
      if (blocker !== undefined) blockedBy.add(blocker);
    }
  }
  return {
    id: String(number),
    number,
    title: `Issue ${number}`,
    body: 'What is to be done.',
    labels: [],
    priority: chance.weighted(priorities),
    blockedBy: [...blockedBy],
    createdAt: new Date().toISOString(),
    closed: false,
  };
}
