import { expect, test } from 'vitest';
import { parseMoment } from '../../src/cli/replay/moment.ts';

/** Noon of a day, in the zone of whoever runs this. */
const now = new Date(2026, 10, 22, 12, 0, 0);

test.each([
  ['9:30', new Date(2026, 10, 22, 9, 30)],
  ['09:30:15', new Date(2026, 10, 22, 9, 30, 15)],
  ['12:00', now],
  ['12:01', new Date(2026, 10, 21, 12, 1)],
  ['23:59:59', new Date(2026, 10, 21, 23, 59, 59)],
  ['2026-11-22', new Date(2026, 10, 22)],
  ['2026-11-22 08:15', new Date(2026, 10, 22, 8, 15)],
  ['2026-11-20T08:15:30', new Date(2026, 10, 20, 8, 15, 30)],
  ['2026-11-20T08:15:30.250Z', new Date(Date.UTC(2026, 10, 20, 8, 15, 30, 250))],
  ['2026-11-20t08:15+09:00', new Date(Date.UTC(2026, 10, 19, 23, 15))],
  ['10m', new Date(2026, 10, 22, 11, 50)],
  ['1.5h', new Date(2026, 10, 22, 10, 30)],
  ['90 s', new Date(2026, 10, 22, 11, 58, 30)],
  ['2d', new Date(2026, 10, 20, 12)],
  ['0s', now],
  ['0.0 h', now],
])('%s', (text, expected) => {
  expect(parseMoment(text, now)).toEqual(expected);
});

test.each([
  '',
  'yesterday',
  '24:00',
  '12:60',
  '12:30:60',
  '10',
  '-10m',
  '2026-02-30',
  '2026-13-01',
  '2026-11-22T25:00',
  '10 parsecs',
  '0 parsecs',
])('%j is none; examples are given', (text) => {
  expect(() => parseMoment(text, now)).toThrow(/18:03.*2026-11-22T18:03:12Z.*10m/u);
});

test.each([
  '0000-01-01',
  '1677-01-01',
  '1969-12-31T23:59:59Z',
  '400y',
  '2030y',
  '3000000y',
  `${'9'.repeat(30)}y`,
])('before 1970 there is nothing: %s is its beginning', (text) => {
  expect(parseMoment(text, now)).toEqual(new Date(0));
});

test('what is still to come is refused', () => {
  expect(() => parseMoment('2026-11-22T12:00:01', now)).toThrow('still to come');
});
