/** Sizes as people write them. */
import { expect, test } from 'vitest';
import { Size } from '../../src/config/size.ts';

test.each([
  ['512MB', 512 * 1024 ** 2],
  ['4GB', 4 * 1024 ** 3],
  ['64 kb', 64 * 1024],
  [' 1.5KB ', 1_536],
  ['10b', 10],
  ['10', 10],
  ['0', 0],
  [0, 0],
  [1_000, 1_000],
  [1.9, 1],
])('%j is %i bytes', (written, bytes) => {
  expect(Size.parse(written)).toBe(bytes);
});

test.each([
  '',
  ' ',
  'MB',
  'much',
  '-1MB',
  '1TB',
  '1.5.5MB',
  '1e3',
  '5MB10KB',
  `${10 ** 15}GB`,
  -1,
  1e300,
  NaN,
  null,
  true,
])('%j is none, and it is said how one is written', (written) => {
  expect(Size.safeParse(written).error?.issues[0]?.message).toContain('write for example 512MB or 4GB');
});
