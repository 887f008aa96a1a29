import { expect, test } from 'vitest';
import { timerDelay } from '../../machines/supervision/timer-delay.ts';

test.each([
  [0, 0],
  [5000, 5000],
  [2_147_483_647, 2_147_483_647],
  [2_147_483_648, 2_147_483_647],
  [Number.POSITIVE_INFINITY, 2_147_483_647],
])('for %d ms a timer is set to %d', (milliseconds, delay) => {
  expect(timerDelay(milliseconds)).toBe(delay);
});
