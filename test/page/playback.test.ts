import { expect, test } from 'vitest';
import { advance, densities, longestWait } from '../../src/page/model/playback.ts';

test('at the recorded pace a second is a second', () => {
  const times = [0, 500, 1_000, 1_500];
  expect(advance(times, { count: 1, at: 0 }, 1_000, 1)).toEqual({ count: 3, at: 1_000 });
});

test('faster, as much more happens', () => {
  expect(advance([0, 500, 1_000, 1_500, 9_000], { count: 1, at: 0 }, 100, 10).count).toBe(3);
});

test('a long silence is cut short', () => {
  const times = [0, 3_600_000];
  const almost = advance(times, { count: 1, at: 0 }, longestWait - 1, 4);
  expect(almost.count).toBe(1);
  expect(advance(times, almost, 1, 4).count).toBe(2);
});

test('at the end nothing more happens', () => {
  expect(advance([0, 1], { count: 2, at: 1 }, 1_000, 1).count).toBe(2);
});

test('busy parts are higher than quiet ones, all between 0 and 1', () => {
  const heights = densities([0, 1, 2, 3, 60_000, 120_000, 180_000, 240_000], 2);
  expect(heights[0]).toBeGreaterThan(0);
  expect(densities([0, 1, 2, 3, 4, 5, 60_000, 120_000, 180_000, 240_000, 300_000], 2)[1]).toBeLessThan(0.2);
  expect(densities([0, 0, 0, 0], 2)).toEqual([1, 1]);
});
