import { expect, test } from 'vitest';
import { causeText, moveText, placeText } from '../../src/terminal/transition-text.ts';

test.each([
  ['xstate.init', ''],
  ['xstate.done.actor.openPane', 'by openPane done'],
  ['xstate.done.actor.0.resource.opening', 'by resource.opening done'],
  ['xstate.error.actor.watchPane', 'by watchPane failed'],
  ['xstate.after.stall.stall.lively', 'by stall passed'],
  ['xstate.after.250.pane.waiting', 'by 250 ms passed'],
  ['', 'by its condition holds'],
  ['pane.lost', 'by pane.lost'],
])('the cause %j', (event, expected) => {
  expect(causeText(event)).toBe(expected);
});

test('moves: a start, a change, an end', () => {
  expect(moveText({ from: null, to: 'opening', status: 'active' })).toBe('started in opening');
  expect(moveText({ from: { a: 'b' }, to: { a: { b: 'c' } }, status: 'active' })).toBe('a.b → a.b.c');
  expect(moveText({ from: 'closing', to: 'closed', status: 'done' })).toBe('closing → closed (done)');
});

test('the root is named', () => {
  expect(placeText('')).toBe('orchestra');
  expect(placeText('broker/bus')).toBe('broker/bus');
});
