/** Drafts of random operations, which know of no tree yet. */
import fc from 'fast-check';
import type { Letter, Script } from '../replay/scenario.ts';
import { child } from './random-tree.ts';
import { weighted } from './weighted.ts';

/** A `storm` is a burst in which children end one after the other. */
type Act = Letter['op'] | 'burst' | 'storm' | 'advance';

/** An operation that has not yet met its tree. */
export interface Draft {
  readonly act: Act;
  /** Which supervisor and which of its children, counted around. */
  readonly where: number;
  readonly who: number;
  readonly reason: string;
  readonly seconds: number;
  readonly child: Script;
  readonly letters: readonly Draft[];
}

const reason = weighted([6, 'crash'], [2, 'kill'], [2, 'normal'], [2, 'shutdown'], [2, 'shutdown:x']);

const letterAct = weighted<Act>(
  [12, 'exit'],
  [4, 'terminate_child'],
  [4, 'restart_child'],
  [3, 'delete_child'],
  [3, 'start_child'],
  [3, 'which_children'],
  [3, 'count_children'],
  [2, 'get_childspec'],
);

const act = (bursts: number): fc.Arbitrary<Act> =>
  weighted<Act>(
    [50, 'exit'],
    [9, 'terminate_child'],
    [8, 'restart_child'],
    [5, 'delete_child'],
    [9, 'start_child'],
    [2, 'which_children'],
    [2, 'count_children'],
    [3, 'get_childspec'],
    [10, 'advance'],
    [bursts, 'burst'],
    [5 + bursts / 2, 'storm'],
  );

/** So many drafts; `depth` is that of the trees that they start, `bursts` the weight of bursts among them. */
export function drafts(depth: number, bursts: number, maxLength: number): fc.Arbitrary<readonly Draft[]> {
  const draft = <Extra extends { act: fc.Arbitrary<Act>; letters: fc.Arbitrary<readonly Draft[]> }>(
    extra: Extra,
  ) =>
    fc.record({
      where: fc.nat(11),
      who: fc.nat(11),
      reason,
      seconds: fc.integer({ min: 1, max: 7 }),
      child: child(depth),
      ...extra,
    });
  const letter = draft({ act: letterAct, letters: fc.constant([]) });
  const letters = fc.array(letter, { minLength: 2, maxLength: 5, size: 'max' });
  return fc.array(draft({ act: act(bursts), letters }), { minLength: 3, maxLength, size: 'max' });
}
