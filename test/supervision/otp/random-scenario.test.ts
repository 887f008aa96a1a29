import { describe, expect, test } from 'vitest';
import type { Scenario } from '../replay/scenario.ts';
import { kinds, sample } from './random-scenario.ts';

const count = 300;

const letters = ({ ops }: Scenario): string[] =>
  ops.flatMap((operation) => (operation.op === 'burst' ? operation.ops.map(({ op }) => op) : [operation.op]));

describe.each(kinds)('random scenarios, %s', (kind) => {
  test('are the same for the same seed, and others for another', () => {
    const drawn = sample(kind, count, 1);
    expect(sample(kind, count, 1)).toEqual(drawn);
    expect(sample(kind, count, 2)).not.toEqual(drawn);
  });

  test('are the first of those of a longer run', () => {
    expect(sample(kind, count, 1).slice(0, 10)).toEqual(sample(kind, 10, 1));
  });

  test('try every strategy and every call', () => {
    const drawn = sample(kind, count, 1);
    expect(new Set(drawn.map(({ root }) => root.strategy)).size).toBe(4);
    const seen = new Set(drawn.flatMap(letters));
    for (const call of ['start', 'terminate', 'restart', 'delete', 'which', 'count', 'get']) {
      expect(
        [...seen].some((op) => op.startsWith(`${call}_`)),
        call,
      ).toBe(true);
    }
  });
});

test('only nested scenarios have supervisors below the root', () => {
  const depthOf = (kind: (typeof kinds)[number]): boolean =>
    sample(kind, count, 1).some(({ root }) => root.children.some((child) => child.supervisor));
  expect(kinds.filter(depthOf)).toEqual(['nested']);
});
