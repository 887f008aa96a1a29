import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RecordedTransition, Recording } from '../../src/page/model/recording.ts';
import { stateText } from '../../src/page/model/state-text.ts';

const step = (
  at: number,
  life: string,
  from: string | null,
  to: string,
  more: Partial<RecordedTransition> = {},
): RecordedTransition => ({
  at,
  path: life,
  machine: 'agent',
  life,
  event: 'go',
  from,
  to,
  status: 'active',
  edges: [],
  node: 'n',
  boot: 'b1',
  ...more,
});

function statesAfter(recording: Recording, count: number): Record<string, string> {
  return Object.fromEntries(
    [...recording.actorsAfter(count)].map(([path, { value }]) => [path, stateText(value)]),
  );
}

test('what lived before the recording is in the state its first transition leaves', () => {
  const recording = new Recording([step(1, 'a', 'idle', 'working'), step(2, 'b', 'open', 'closed')]);
  expect(statesAfter(recording, 0)).toEqual({ a: 'idle', b: 'open' });
  expect(statesAfter(recording, 1)).toEqual({ a: 'working', b: 'open' });
  expect(statesAfter(recording, 2)).toEqual({ a: 'working', b: 'closed' });
});

test('what starts later is not there before', () => {
  const recording = new Recording([step(1, 'a', 'idle', 'working'), step(2, 'b', null, 'opening')]);
  expect(statesAfter(recording, 1)).toEqual({ a: 'working' });
});

test('the next life on a path takes the place of the one before', () => {
  const recording = new Recording([
    step(1, 'a', 'open', 'open', { status: 'error' }),
    step(2, 'a2', null, 'opening', { path: 'a' }),
  ]);
  expect(recording.actorsAfter(1).get('a')?.status).toBe('error');
  expect(recording.actorsAfter(2).get('a')).toMatchObject({ status: 'active', value: 'opening' });
});

test('with the first word of a new boot the machines of the one before are gone', () => {
  const recording = new Recording([
    step(1, 'a', 'idle', 'working'),
    step(2, 'b', null, 'opening', { boot: 'b2' }),
    step(3, 'a', 'idle', 'working', { boot: 'b2', path: 'c' }),
  ]);
  expect(statesAfter(recording, 2)).toEqual({ b: 'opening', c: 'idle' });
});

test('a new boot of one node leaves those of others alone', () => {
  const recording = new Recording([
    step(1, 'a', 'idle', 'working', { node: 'm' }),
    step(2, 'b', 'open', 'closed'),
    step(3, 'b', null, 'opening', { boot: 'b2' }),
  ]);
  expect(statesAfter(recording, 3)).toEqual({ a: 'working', b: 'opening' });
});

test('a transition is its own turn', () => {
  const recording = new Recording([step(1, 'a', 'on', 'on'), step(2, 'a', 'on', 'on')]);
  expect([1, 2].map((count) => recording.actorsAfter(count).get('a')?.turn)).toEqual([1, 2]);
});

test('paths come once, parents before children', () => {
  const paths = ['a/b', 'a', '', 'a/b/c', 'a2'];
  const recording = new Recording([...paths, 'a'].map((path) => step(1, path, null, 'on', { path })));
  expect(recording.paths).toEqual(['', 'a', 'a/b', 'a/b/c', 'a2']);
});

test('the count at a moment includes what happened in it', () => {
  const recording = new Recording([1, 5, 5, 9].map((at) => step(at, 'a', 'on', 'on')));
  expect([0, 1, 4, 5, 100].map((at) => recording.countAt(at))).toEqual([0, 1, 1, 3, 4]);
});

test('a jump to any place shows what stepping there shows', () => {
  const states = ['idle', 'working', 'resting'];
  const transitions = fc.array(
    fc.record({ life: fc.nat(4), to: fc.constantFrom(...states), boot: fc.constantFrom('b1', 'b2') }),
    { minLength: 1_100, maxLength: 1_300 },
  );
  fc.assert(
    fc.property(transitions, fc.array(fc.nat(1_100), { maxLength: 6 }), (drawn, places) => {
      const steps = drawn.map(({ life, to, boot }, at) => step(at, `a${life}`, 'idle', to, { boot }));
      const jumped = new Recording(steps);
      for (const place of places) {
        const stepped = new Recording(steps);
        for (let count = 0; count < place; count += 97) stepped.actorsAfter(count);
        expect(statesAfter(jumped, place)).toEqual(statesAfter(stepped, place));
        const last = steps[place - 1];
        if (last) expect(statesAfter(jumped, place)[last.path]).toBe(stateText(last.to));
      }
    }),
    { numRuns: 30 },
  );
});
