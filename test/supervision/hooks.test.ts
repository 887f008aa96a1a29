import { expect, test } from 'vitest';
import { defaultHooks } from '../../machines/supervision/hooks.ts';

test('a supervisor that is given no hooks takes the time and chance of its process', () => {
  const { now, random } = defaultHooks;
  const before = performance.now();
  const moment = now();
  expect(moment).toBeGreaterThanOrEqual(before);
  expect(moment).toBeLessThanOrEqual(performance.now());
  const chances = Array.from({ length: 100 }, random);
  expect(Math.min(...chances)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...chances)).toBeLessThan(1);
  expect(new Set(chances).size).toBeGreaterThan(1);
});
