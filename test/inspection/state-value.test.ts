import { expect, test } from 'vitest';
import { isSameState, stateText } from '../../src/inspection/state-value.ts';

test.each([
  [null, ''],
  ['idle', 'idle'],
  [{ working: 'preparing' }, 'working.preparing'],
  [{ working: { recording: 'going' } }, 'working.recording.going'],
  [{ screen: 'on', keys: {} }, '(screen.on, keys)'],
  [{ up: { a: 'x', b: 'y' } }, 'up.(a.x, b.y)'],
])('the state %j is %s', (value, text) => {
  expect(stateText(value)).toBe(text);
});

test('the same state, whatever the order of its regions', () => {
  const value = { up: { a: 'x', b: 'y' } };
  expect(isSameState(value, { up: { b: 'y', a: 'x' } })).toBe(true);
  expect([null, 'up', { up: 'a' }, { up: { a: 'x' } }].map((other) => isSameState(value, other))).toEqual(
    Array(4).fill(false),
  );
});
