/** Random scenarios, the same for the same seed. */
import fc from 'fast-check';
import { Scenario } from '../replay/scenario.ts';
import { drafts } from './random-draft.ts';
import { supervisor } from './random-tree.ts';
import { settled, withFittingDepths } from './settle-drafts.ts';
import { weighted } from './weighted.ts';

/** Kinds of scenario: one supervisor, the same with many letters in its mailbox at once, and whole trees. */
export const kinds = ['flat', 'bursts', 'nested'] as const;
export type Kind = (typeof kinds)[number];

const shapes: Record<Kind, { depth: number; children: number; bursts: number; operations: number }> = {
  flat: { depth: 0, children: 5, bursts: 0, operations: 14 },
  bursts: { depth: 0, children: 4, bursts: 80, operations: 9 },
  nested: { depth: 2, children: 4, bursts: 20, operations: 12 },
};

/** Scenarios of one kind, without names. */
export function scenario(kind: Kind): fc.Arbitrary<Scenario> {
  const { depth, children, bursts, operations } = shapes[kind];
  const drawn = fc
    .record({
      root: supervisor(depth, children),
      written: drafts(Math.min(depth, 1), bursts, operations),
      isStopped: weighted([7, false], [3, true]),
    })
    .map(({ root, written, isStopped }) => {
      const tree = withFittingDepths(root, '');
      const ops = settled(tree, written);
      return withoutRaces(
        withoutGaps({ name: '', root: tree, ops: isStopped ? [...ops, { op: 'stop' }] : ops }),
      );
    });
  return fc.noBias(drawn);
}

/** The first so many of the scenarios that `seed` stands for. */
export function sample(kind: Kind, count: number, seed: number): Scenario[] {
  const drawn = fc.sample(scenario(kind), { numRuns: count, seed: seedOf(kind, seed) });
  return drawn.map((one, index) => ({ ...one, name: `${kind} ${seed}/${index}` }));
}

/** Kinds have seeds of their own, else all would have the same first trees. */
export function seedOf(kind: Kind, seed: number): number {
  return seed * kinds.length + kinds.indexOf(kind);
}

/**
 * Whether a child that has died in the midst of its start still counts as active for a call that waits behind that
 * start is a race: in OTP its exit signal comes before the start ends, in XState after. So nobody asks then.
 */
function withoutRaces(drawn: Scenario): Scenario {
  if (!JSON.stringify(drawn).includes('"dies"')) return drawn;
  const ops = drawn.ops.map((operation) =>
    operation.op === 'burst'
      ? { ...operation, ops: operation.ops.filter((letter) => letter.op !== 'count_children') }
      : operation,
  );
  return { ...drawn, ops };
}

/** As it will be read from a line of JSON, where nothing is undefined. */
function withoutGaps(written: Scenario): Scenario {
  return Scenario.parse(JSON.parse(JSON.stringify(written)));
}
