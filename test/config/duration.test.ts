/** Durations as people write and read them. */
import { describe, expect, test } from 'vitest';
import { Duration, formatDuration } from '../../src/config/duration.ts';

describe('written', () => {
  test.each([
    ['250ms', 250],
    ['90s', 90_000],
    ['1.5s', 1_500],
    ['5m', 300_000],
    ['5 min', 300_000],
    ['1h', 3_600_000],
    ['24d', 2_073_600_000],
    [0, 0],
    [1_500, 1_500],
    [2 ** 31 - 1, 2 ** 31 - 1],
  ])('%j is %i ms', (written, milliseconds) => {
    expect(Duration.parse(written)).toBe(milliseconds);
  });

  test.each([
    '',
    ' ',
    'soon',
    '5 parsecs',
    '-5s',
    '5m30s',
    '25d',
    '1y',
    2 ** 31,
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    null,
    true,
    [],
    {},
  ])('%j is none', (written) => {
    expect(Duration.safeParse(written).success).toBe(false);
  });
});

test.each([
  [0, '0 ms'],
  [840, '840 ms'],
  [12_000, '12 s'],
  [59_499, '59 s'],
  [59_999, '1 min'],
  [200_000, '3 min 20 s'],
  [3_600_000, '1 h'],
  [7_500_000, '2 h 5 min'],
  [86_400_000, '1 d'],
  [273_600_000, '3 d 4 h'],
])('%i ms read %s', (milliseconds, read) => {
  expect(formatDuration(milliseconds)).toBe(read);
});
