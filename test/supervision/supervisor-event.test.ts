import { expect, test } from 'vitest';
import { crashed, killed, shutdown } from '../../machines/supervision/exit-reason.ts';
import type { IncarnationEnd } from '../../machines/supervision/incarnation-end.ts';
import type { Message } from '../../machines/supervision/message.ts';
import { type CoreEvent, messageOf } from '../../machines/supervision/supervisor-event.ts';

function over(end: IncarnationEnd): CoreEvent {
  return {
    type: 'xstate.done.actor.a#1',
    actorId: 'a#1',
    output: { pid: 'a#1', end, failedKills: [] },
  };
}

const request = { call: 'which_children' } as const;
const ok = { type: 'ok' } as const;

test.each<[CoreEvent, Message<unknown>]>([
  [{ type: 'shutdown' }, { type: 'shutdown', reason: shutdown }],
  [
    { type: 'supervisor.call', correlation: '7', request },
    { type: 'call', correlation: '7', request },
  ],
  [{ type: 'supervisor.suspend' }, { type: 'suspend' }],
  [{ type: 'supervisor.resume' }, { type: 'resume' }],
  [
    { type: 'restart.due', id: 'a', token: 3 },
    { type: 'restart.try_again', id: 'a', token: 3 },
  ],
  [
    { type: 'incarnation.started', pid: 'a#1', result: ok },
    { type: 'child.started', pid: 'a#1', result: ok },
  ],
  [over({ type: 'exited', reason: killed }), { type: 'child.exited', pid: 'a#1', reason: killed }],
  [over({ type: 'ignored' }), { type: 'child.started', pid: 'a#1', result: { type: 'ignore' } }],
  [
    over({ type: 'failed', reason: 'no' }),
    { type: 'child.started', pid: 'a#1', result: { type: 'error', reason: 'no' } },
  ],
  [
    { type: 'xstate.error.actor.a#1', actorId: 'a#1', error: 'taken' },
    { type: 'child.exited', pid: 'a#1', reason: crashed('taken') },
  ],
])('%o is to the core %o', (event, message) => {
  expect(messageOf(event)).toEqual(message);
});

test("the machine's own beginning is the core's", () => {
  // The one event that no type names: it is sent by XState itself.
  const beginning: unknown = { type: 'xstate.init' };
  expect(messageOf(beginning as CoreEvent)).toEqual({ type: 'init' });
});
