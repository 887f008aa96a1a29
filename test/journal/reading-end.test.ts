import { expect, test } from 'vitest';
import { longestAhead, ReadingEnd } from '../../src/journal/reading-end.ts';

const end = 1_000_000_000;
const at = (...times: number[]) => times.map((time) => ({ at: time }));

test('it has come when pages have been late for long', () => {
  const readingEnd = new ReadingEnd(end);
  expect(readingEnd.isBefore(end - 1, at(end - 1))).toBe(false);
  expect(readingEnd.isBefore(end + 1, at(end + 1))).toBe(false);
  expect(readingEnd.isBefore(end + 1 + longestAhead, at(end + 2))).toBe(false);
  expect(readingEnd.isBefore(end + 2 + longestAhead, [])).toBe(true);
});

test('a clock that ran ahead and was put back begins the count anew', () => {
  const readingEnd = new ReadingEnd(end);
  expect(readingEnd.isBefore(end + 1, at(end + 1))).toBe(false);
  expect(readingEnd.isBefore(end - 5, at(end - 5))).toBe(false);
  expect(readingEnd.isBefore(end + 2 + longestAhead, at(end + longestAhead))).toBe(false);
});

test('what is stored late, because the bus was away, is waited for', () => {
  const readingEnd = new ReadingEnd(end);
  for (let page = 0; page < 10; page += 1)
    expect(readingEnd.isBefore(end + (page + 2) * longestAhead, at(end - 500, end + page))).toBe(false);
});

test('what is only dated late is no sign, and without an end there is none', () => {
  const readingEnd = new ReadingEnd(end);
  for (let page = 0; page < 10; page += 1)
    expect(readingEnd.isBefore(end - 10 + page, at(end + 5 * longestAhead))).toBe(false);
  const everything = new ReadingEnd(Number.POSITIVE_INFINITY);
  expect(everything.isBefore(end, at(end))).toBe(false);
  expect(everything.isBefore(end + 2 * longestAhead, at(end))).toBe(false);
});
