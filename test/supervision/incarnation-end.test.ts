import { describe, expect, test } from 'vitest';
import { crashed, ignore, killed, normal, shutdown } from '../../machines/supervision/exit-reason.ts';
import {
  exitOf,
  type IncarnationEvent,
  killsAfter,
  startFailure,
} from '../../machines/supervision/incarnation-end.ts';

function done(output: unknown): IncarnationEvent {
  return { type: 'xstate.done.actor.child', actorId: 'child', output };
}

const error: IncarnationEvent = { type: 'xstate.error.actor.child', actorId: 'child', error: 'bug' };
const timeout: IncarnationEvent = { type: 'incarnation.stop' };

test.each([
  ['throws', error, { type: 'failed', reason: 'bug' }],
  ['declines', done(ignore), { type: 'ignored' }],
  ['ends', done(shutdown), { type: 'failed', reason: shutdown }],
  ['ends without a word', done(undefined), { type: 'failed', reason: normal }],
  ['says nothing in time', timeout, { type: 'failed', reason: 'timeout' }],
])('a child that %s before it has started has not', (_, event, end) => {
  expect(startFailure(event)).toEqual(end);
});

test.each([
  ['throws', error, crashed('bug')],
  ['ends', done(shutdown), shutdown],
  ['ends without a word', done(undefined), normal],
  ['declines too late', done(ignore), normal],
  ['has to be ended by force', timeout, killed],
])('a child that %s after it has started', (_, event, reason) => {
  expect(exitOf(event)).toEqual({ type: 'exited', reason });
});

describe('of two kills that go on', () => {
  const kill = (id: string) => {
    const names = { id, pid: `${id}#1`, path: `agents/${id}` };
    return { ...names, kill: () => undefined, cause: 'brutal', timeout: 1 } as const;
  };
  const [a, b] = [kill('a'), kill('b')];
  const earlier = { id: 'c', pid: 'c#1', path: 'c', reason: 'timeout' };
  const kills = { pendingKills: [a, b], failedKills: [earlier] };
  const failed = (id: string, reason: unknown) => ({ id, pid: `${id}#1`, path: `agents/${id}`, reason });

  test('one is over, and the other goes on', () => {
    const event = {
      type: 'xstate.done.actor.kill.agents/a',
      actorId: 'kill.agents/a',
      output: undefined,
    } as const;
    expect(killsAfter(kills, event)).toEqual({ pendingKills: [b], failedKills: [earlier] });
  });

  test('one fails, and is told of with its error', () => {
    const event = {
      type: 'xstate.error.actor.kill.agents/b',
      actorId: 'kill.agents/b',
      error: 'no pane',
    } as const;
    expect(killsAfter(kills, event)).toEqual({
      pendingKills: [a],
      failedKills: [earlier, failed('b', 'no pane')],
    });
  });

  test('the time is up for both', () => {
    expect(killsAfter(kills, timeout)).toEqual({
      pendingKills: [],
      failedKills: [earlier, failed('a', 'timeout'), failed('b', 'timeout')],
    });
  });
});
