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

  test('the end of a life that is told late leaves those below the new one', () => {
    const steps = [
      started('p', '1'),
      started('p/k', '2'),
      started('p', '3'),
      started('p/k', '4'),
      transition({ path: 'p', life: '1', to: 'closed', status: 'stopped' }),
      transition({ path: 'p/k', life: '4', to: 'open' }),
    ];
    expect(standingAt(steps, 4)).toEqual({ 1: 'closed', 3: 'opening', 4: 'opening' });
    expect(standingAt(steps, 5)).toEqual({ 3: 'opening', 4: 'open' });
  });

  test('two nodes do not touch each other, whatever they begin, end, and are told of', () => {
    const [here, there] = [
      { node: 'here', boot: 'one' },
      { node: 'there', boot: 'two' },
    ];
    const steps: HistoryStep[] = [
      { ...started('', '1'), ...here },
      { ...started('', '1'), ...there },
      { ...started('a', '2'), ...here },
      { ...transition({ path: '', life: '1', to: 'ended', status: 'error' }), ...there },
      { ...started('', '1', 'again'), node: 'there', boot: 'three' },
      { ...started('a', '2', 'anew'), ...there, standing: [{ ...started('b', '3'), ...here }] },
    ];
    expect(standingAt(steps, 2)).toEqual({ 'here 1': 'opening', 'there 1': 'opening', 'here 2': 'opening' });
    expect(standingAt(steps, 3)).toEqual({ 'here 1': 'opening', 'there 1': 'ended', 'here 2': 'opening' });
    expect(standingAt(steps, 4)).toEqual({ 'here 1': 'opening', 'there 1': 'again', 'here 2': 'opening' });
    expect(standingAt(steps, 5)).toEqual({ 'here 3': 'opening', 'there 2': 'anew' });
  });

  test('what one node is told of replaces only its own', () => {
    const standing = new Standing();
    standing.apply({ ...started('a', '1'), node: 'here' });
    standing.apply({ ...started('a', '1'), node: 'there' });
    standing.resetNode('here', [{ ...started('b', '2'), node: 'here' }]);
    expect([...standing.latest.keys()].sort()).toEqual(['here 2', 'there 1']);
    standing.resetNode('there', []);
    expect([...standing.latest.keys()]).toEqual(['here 2']);
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
