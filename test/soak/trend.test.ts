import { expect, test } from 'vitest';
import { bounds, judge } from './bounds.ts';
import type { Sample } from './sample.ts';
import { trendOf } from './trend.ts';

const series = (life: number, from: number, values: readonly number[]): Sample[] =>
  values.map((value, index) => ({ measure: 'daemon memory', at: from + index * 60, value, life }));

test('what restarts give back is no decline, and what starts take no growth', () => {
  const samples = [...series(1, 0, [100, 101, 102, 103]), ...series(2, 240, [50, 51, 52, 53])];
  const trend = trendOf(samples, 0);
  expect(trend).toMatchObject({ samples: 8, lives: 2, longest: 180 / 3_600, least: 50, most: 103 });
  expect(trend?.slope).toBeCloseTo(60);
  expect(trend?.error).toBeCloseTo(0);
});

test('the beginning of a life is left out, and so is a life that is too short', () => {
  const samples = [...series(1, 0, [10, 80, 80, 80, 80]), ...series(2, 600, [0, 500])];
  expect(trendOf(samples, 60)).toMatchObject({ samples: 4, lives: 1, slope: 0 });
  expect(trendOf(series(2, 0, [0, 500]), 0)).toBeUndefined();
});

test('growth counts as far as it is certain, and beyond its bound it is too much', () => {
  const { perHour, settling } = bounds['daemon memory'];
  const steady = { samples: 9, lives: 1, longest: 2, least: 0, most: 0, error: 0 };
  const within = judge('daemon memory', { ...steady, slope: perHour });
  expect(within.grown).toBeLessThan(within.allowed);
  expect(within.allowed).toBe(settling + 2 * perHour);
  const leak = judge('daemon memory', { ...steady, slope: 10 * (perHour + settling) });
  expect(leak.grown).toBeGreaterThan(leak.allowed);
  expect(judge('daemon memory', { ...steady, slope: 1_000, error: 400 }).grown).toBeLessThan(0);
});
