import { expect, test } from 'vitest';
import { nextQuarantine, type QuarantineRecord } from '../../src/tasks/cooldown.ts';

const rule = { cooldown: 600_000, period: 60 };
const minute = 60_000;
const hour = 60 * minute;
const begin = Date.parse('2026-01-01T00:00:00Z');

/** In minutes. */
const lengthOf = ({ until }: QuarantineRecord, now: number) => (Date.parse(until) - now) / minute;

test('the first lasts as long as configured; each that follows soon twice as long, up to six hours', () => {
  let now = begin;
  let latest: QuarantineRecord | undefined;
  const lengths: number[] = [];
  for (let times = 0; times < 8; times += 1) {
    latest = nextQuarantine(latest, rule, now);
    lengths.push(lengthOf(latest, now));
    now = Date.parse(latest.until) + minute;
  }
  expect(lengths).toEqual([10, 20, 40, 80, 160, 320, 360, 360]);
});

test('one that has kept out for as long as it was in begins anew', () => {
  const first = nextQuarantine(undefined, rule, begin);
  const out = Date.parse(first.until);
  expect(nextQuarantine(first, rule, out + 10 * minute - 1).times).toBe(2);
  expect(nextQuarantine(first, rule, out + 10 * minute).times).toBe(1);
});

test('a short one follows another while the restarts that led to it are still counted', () => {
  const short = { cooldown: 100, period: 60 };
  const first = nextQuarantine(undefined, short, begin);
  expect(nextQuarantine(first, short, Date.parse(first.until) + 59_000)).toMatchObject({ times: 2 });
  expect(nextQuarantine(first, short, Date.parse(first.until) + 61_000)).toMatchObject({ times: 1 });
});

test('one that is configured longer than six hours is never cut', () => {
  const long = { cooldown: 24 * hour, period: 60 };
  const first = nextQuarantine(undefined, long, begin);
  const next = nextQuarantine(first, long, Date.parse(first.until));
  expect([lengthOf(first, begin), lengthOf(next, Date.parse(first.until))]).toEqual([1_440, 1_440]);
});
