import { expect, test, vi } from 'vitest';
import { fromCallback, fromPromise } from 'xstate';
import { type ReconcilerInput, reconcilerMachine } from '../../machines/reconciler.machine.ts';
import { RoutineFilter } from '../../src/inspection/routine.ts';
import type { Transition } from '../../src/inspection/transition.ts';
import type { WireEvent } from '../../src/inspection/wire-event.ts';
import { childSpec } from '../../src/supervision/supervisor-spec.ts';
import { transition } from '../journal/transitions.ts';
import { WatchedTree } from './watched-tree.ts';

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

test('the hub marks it, to those who record transitions and to those who watch', async () => {
  const nothing = fromPromise<void, ReconcilerInput>(async () => undefined);
  const logic = reconcilerMachine.provide({
    actors: {
      openSubject: nothing,
      watchSubject: fromCallback(() => () => undefined),
      reconcile: nothing,
      closeSubject: nothing,
    },
  });
  const start = { logic, input: { subject: 'all', interval: 1_000 } };
  const tree = new WatchedTree([childSpec({ id: 'overview', start })]);
  await tree.clock.advance(0);
  const sent: WireEvent[] = [];
  tree.hub.attach({
    restart: () => undefined,
    send: (events) => void sent.push(...events),
    isSlow: () => false,
  });
  tree.transitions.length = 0;
  await tree.clock.advance(1_000);
  tree.send('overview', { type: 'subject.changed' });
  await tree.clock.advance(0);
  const marks = tree.transitions.map(({ event, routine = false }) => `${event} ${routine}`);
  expect(marks).toEqual([
    'xstate.after.interval.reconciler.following.resting true',
    'xstate.done.actor.reconcile true',
    'subject.changed false',
    'xstate.done.actor.reconcile false',
  ]);
  await vi.waitFor(() => {
    const seen = sent.flatMap((message) =>
      message.type === '@xstate.snapshot' && message.orchestra.machine === 'reconciler'
        ? [`${message.event.type} ${message.orchestra.routine ?? false}`]
        : [],
    );
    expect(seen).toEqual(marks);
  });
  await tree.end();
});
