import { expect, test } from 'vitest';
import { stateText } from '../../src/inspection/state-value.ts';
import type { RecordedTransition } from '../../src/journal/journal-page.ts';
import { Recording } from '../../src/page/model/recording.ts';

function step(
  life: string,
  from: string | null,
  to: string,
  more: Partial<RecordedTransition> = {},
): RecordedTransition {
  const place = { path: life, machine: 'agent', life };
  const move = { event: 'go', from, to, status: 'active' as const, edges: [] };
  return { at: 1, node: 'n', boot: 'b1', ...place, ...move, ...more };
}

function shownAfter(recording: Recording, count: number): Record<string, string> {
  return Object.fromEntries(
    [...recording.actorsAfter(count)].map(([path, { value, status }]) => [
      path,
      status === 'active' ? stateText(value) : status,
    ]),
  );
}

test('what moved last long before is in its state from the first moment on, at position 0 too', () => {
  const before = [step('a', null, 'idle'), step('b', 'opening', 'open')];
  const recording = new Recording([
    step('a', 'idle', 'working', { standing: before }),
    step('c', null, 'on'),
  ]);
  expect(shownAfter(recording, 0)).toEqual({ a: 'idle', b: 'open', c: 'not started' });
  expect(shownAfter(recording, 1)).toEqual({ a: 'working', b: 'open', c: 'not started' });
  expect(shownAfter(recording, 2)).toEqual({ a: 'working', b: 'open', c: 'on' });
});

test('what ends is there with its status for the moment, and ended afterwards', () => {
  const recording = new Recording([
    step('a', null, 'open'),
    step('a', 'open', 'open', { status: 'error' }),
    step('b', null, 'on'),
    step('a2', null, 'opening', { path: 'a' }),
  ]);
  const seen = [0, 1, 2, 3, 4].map((count) => shownAfter(recording, count)['a']);
  expect(seen).toEqual(['not started', 'open', 'error', 'ended', 'opening']);
});

test('the end of one life that is told after the start of the next hides nothing', () => {
  const recording = new Recording([
    step('a', null, 'open'),
    step('a2', null, 'opening', { path: 'a' }),
    step('a', 'open', 'open', { status: 'stopped' }),
  ]);
  expect(shownAfter(recording, 3)).toEqual({ a: 'opening' });
});

test('with the first word of a new boot the machines of the one before have ended', () => {
  const recording = new Recording([step('a', null, 'idle'), step('b', null, 'opening', { boot: 'b2' })]);
  expect(shownAfter(recording, 2)).toEqual({ a: 'ended', b: 'opening' });
});

test('the chart of what does not live is known', () => {
  const recording = new Recording([step('a', null, 'on'), step('b', null, 'open', { machine: 'pane' })]);
  expect(recording.actorsAfter(1).get('b')).toMatchObject({ machine: 'pane', value: null, edges: [] });
});

test('after a gap it is as is told there, and the gap is known', () => {
  const recording = new Recording([
    step('a', null, 'idle'),
    step('b', null, 'on', { missing: 12, standing: [step('c', null, 'open')] }),
  ]);
  expect(recording.gaps).toEqual([{ index: 1, missing: 12 }]);
  expect(shownAfter(recording, 1)).toEqual({ a: 'idle', b: 'not started', c: 'not started' });
  expect(shownAfter(recording, 2)).toEqual({ a: 'ended', b: 'on', c: 'open' });
});

test('each transition is a turn of its own; what was before has none', () => {
  const standing = [step('a', null, 'on')];
  const recording = new Recording([step('a', 'on', 'on', { standing }), step('a', 'on', 'on')]);
  expect([0, 1, 2].map((count) => recording.actorsAfter(count).get('a')?.turn)).toEqual([0, 1, 2]);
});

test('paths come once, parents before children', () => {
  const paths = ['a/b', 'a', '', 'a/b/c', 'a2'];
  const recording = new Recording([...paths, 'a'].map((path) => step(path, null, 'on', { path })));
  expect(recording.paths).toEqual(['', 'a', 'a/b', 'a/b/c', 'a2']);
});
