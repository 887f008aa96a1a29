import { expect, test } from 'vitest';
import type { Transition } from '../../src/inspection/transition.ts';
import { RoutineFilter } from '../../src/inspection/routine.ts';
import { transition } from '../journal/transitions.ts';

const resting = { following: 'resting' };
const fresh = { following: { reconciling: 'fresh' } };
const stale = { following: { reconciling: 'stale' } };
const clock = 'xstate.after.interval.resting';
const done = 'xstate.done.actor.reconciliation';

type Move = [event: string, from: Transition['from'], to: Transition['to'], status?: Transition['status']];

function recorded(machine: string, ...moves: Move[]): string[] {
  const filter = new RoutineFilter();
  return moves
    .map(([event, from, to, status = 'active']) => transition({ machine, event, from, to, status }))
    .filter((made) => !filter.isRoutine(made))
    .map(({ event }) => event);
}

test('a round that the clock began, and that ends where it began, is routine', () => {
  expect(recorded('reconciler', [clock, resting, fresh], [done, fresh, resting])).toEqual([]);
  const planning = { scheduling: { planning: 'fresh' } };
  const rest = { scheduling: 'resting' };
  expect(
    recorded(
      'scheduler',
      ['xstate.after.tick.resting', rest, planning],
      ['xstate.done.actor.plan', planning, rest],
    ),
  ).toEqual([]);
});

test('a round that a change began is none', () => {
  expect(recorded('reconciler', ['subject.changed', resting, fresh], [done, fresh, resting])).toEqual([
    'subject.changed',
    done,
  ]);
});

test('a change in the middle of a routine round, and its crash, are recorded', () => {
  expect(
    recorded(
      'reconciler',
      [clock, resting, fresh],
      ['subject.changed', fresh, stale],
      [done, stale, fresh],
      [done, fresh, resting],
    ),
  ).toEqual(['subject.changed', done, done]);
  expect(recorded('reconciler', [clock, resting, fresh], ['xstate.error', fresh, fresh, 'error'])).toEqual([
    'xstate.error',
  ]);
});

test('another sign of life is routine; silence and its end are not', () => {
  expect(
    recorded(
      'stall',
      ['work.begun', 'resting', 'lively'],
      ['evidence.seen', 'lively', 'lively'],
      ['xstate.after.stall.stall.lively', 'lively', { silent: 'nudged' }],
      ['evidence.seen', { silent: 'nudged' }, 'lively'],
    ),
  ).toEqual(['work.begun', 'xstate.after.stall.stall.lively', 'evidence.seen']);
});

test('what other machines do by the clock is recorded', () => {
  expect(recorded('incarnation', ['xstate.after.killTimeout', 'killing', 'over'])).toHaveLength(1);
});
