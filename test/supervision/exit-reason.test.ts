import { expect, test } from 'vitest';
import {
  crashed,
  type ExitReason,
  exitReasonOf,
  ignore,
  isAbnormal,
  isIgnore,
  killed,
  normal,
  shutdown,
} from '../../machines/supervision/exit-reason.ts';

test.each<[ExitReason, boolean]>([
  [normal, false],
  [shutdown, false],
  [{ kind: 'shutdown', detail: 1 }, false],
  [killed, true],
  [crashed('bug'), true],
])('%o is abnormal: %s', (reason, expected) => {
  expect(isAbnormal(reason)).toBe(expected);
});

test.each([normal, { kind: 'normal' }, shutdown, { kind: 'shutdown', detail: 1 }, killed, crashed('bug')])(
  'a child whose output is %o ended so',
  (reason) => {
    expect(exitReasonOf(reason)).toBe(reason);
    expect(isIgnore(reason)).toBe(false);
  },
);

test.each([undefined, null, 7, 'killed', {}, { reason: 'killed' }, { kind: 'bored' }, ignore])(
  'a child whose output is %o ended normally',
  (output) => {
    expect(exitReasonOf(output)).toBe(normal);
  },
);

test('only one output declines to run', () => {
  expect(isIgnore(ignore)).toBe(true);
  for (const output of [undefined, null, 'ignore', {}, { kind: '' }]) expect(isIgnore(output)).toBe(false);
});
