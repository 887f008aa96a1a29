import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Transition } from '../../src/inspection/transition.ts';
import { Standing } from '../../src/journal/standing.ts';
import { type HistoryStep, TransitionHistory } from '../../src/journal/transition-history.ts';
import { transition } from './transitions.ts';

const started = (path: string, life: string, to = 'opening') =>
  transition({ path, life, event: 'xstate.init', from: null, to });
const standingAt = (steps: readonly HistoryStep[], index: number) =>
  Object.fromEntries([...new TransitionHistory(steps).standingAt(index)].map(([life, { to }]) => [life, to]));

describe('where everything stands', () => {
  test('the latest state of each life', () => {
    const steps = [
      started('a', '1'),
      started('b', '2'),
      transition({ path: 'a', life: '1', from: 'opening', to: 'open' }),
    ];
    expect(standingAt(steps, 0)).toEqual({ 1: 'opening' });
    expect(standingAt(steps, 1)).toEqual({ 1: 'opening', 2: 'opening' });
    expect(standingAt(steps, 2)).toEqual({ 1: 'open', 2: 'opening' });
  });

  test('what ends is there for that moment, with its status, and gone afterwards', () => {
    const steps = [
      started('a', '1'),
      transition({ path: 'a', life: '1', to: 'closed', status: 'done' }),
      started('b', '2'),
    ];
    expect(new TransitionHistory(steps).standingAt(1).get('1')).toBe(steps[1]);
    expect(standingAt(steps, 2)).toEqual({ 2: 'opening' });
  });

  test('with a crash goes all that was below, and nobody beside it', () => {
    const steps = [
      started('watchdog', '1'),
      started('watchdog/eye:kaede', '2'),
      started('watchdog-two', '3'),
      transition({ path: 'watchdog', life: '1', to: 'watching', status: 'error' }),
    ];
    expect(Object.keys(standingAt(steps, 3))).toEqual(['1', '3']);
  });

  test('a new life takes the place of the one before, whose end may be told later', () => {
    const steps = [
      started('a', '1'),
      started('a', '2'),
      transition({ path: 'a', life: '1', status: 'stopped' }),
      transition({ path: 'a', life: '2', to: 'open' }),
    ];
    expect(standingAt(steps, 1)).toEqual({ 2: 'opening' });
    expect(standingAt(steps, 3)).toEqual({ 2: 'open' });
  });

  test('another boot begins with nothing, also when its lives have the names of the earlier ones', () => {
    const steps: HistoryStep[] = [
      { ...started('a', '1'), boot: 'one' },
      { ...started('b', '2'), boot: 'one' },
      { ...started('', '1'), boot: 'two' },
    ];
    expect(standingAt(steps, 2)).toEqual({ 1: 'opening' });
  });

  test('what is told of the time before replaces what was folded', () => {
    const before = [started('a', '1', 'open'), started('b', '2', 'closing')];
    const steps: HistoryStep[] = [
      { ...started('c', '3'), boot: 'one', standing: before },
      { ...transition({ path: 'b', life: '2', to: 'closed' }), boot: 'one' },
      { ...started('d', '4'), boot: 'one', standing: [] },
    ];
    expect(standingAt(steps, -1), 'before the first').toEqual({ 1: 'open', 2: 'closing' });
    expect(standingAt(steps, 0)).toEqual({ 1: 'open', 2: 'closing', 3: 'opening' });
    expect(standingAt(steps, 1)).toEqual({ 1: 'open', 2: 'closed', 3: 'opening' });
    expect(standingAt(steps, 2)).toEqual({ 4: 'opening' });
  });

  test('outside there is nothing', () => {
    const history = new TransitionHistory([started('a', '1')]);
    expect(history.length).toBe(1);
    expect([...history.standingAt(-1), ...history.standingAt(-2), ...history.standingAt(1)]).toEqual([]);
    expect([...new TransitionHistory([]).standingAt(-1)]).toEqual([]);
  });
});

const paths = ['', 'a', 'a/b', 'a/b/c', 'ab', 'a/b', ''];
const step: fc.Arbitrary<Transition> = fc
  .record({
    life: fc.nat(paths.length - 1),
    to: fc.constantFrom('idle', 'busy'),
    status: fc.constantFrom('active', 'active', 'active', 'done', 'error', 'stopped'),
  })
  .map(({ life, ...rest }) => transition({ ...rest, life: `x:${life}`, path: paths[life] ?? '' }));

test('from any checkpoint on it is as folded from the beginning', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 500, maxLength: 600 }), (steps) => {
      const history = new TransitionHistory(steps);
      const standing = new Standing();
      for (const [index, one] of steps.entries()) {
        standing.apply(one);
        const folded = [...standing.latest].map(([life, { to, status }]) => [life, to, status]);
        const seen = [...history.standingAt(index)].map(([life, { to, status }]) => [life, to, status]);
        expect(new Set(seen.map(String))).toEqual(new Set(folded.map(String)));
      }
    }),
    { numRuns: 5, endOnFailure: true },
  );
});
