/** What a supervisor actor hears, and which message to the core that is. */
import type { DoneActorEvent, ErrorActorEvent } from 'xstate';
import type { ShutdownEvent } from '../child-contract.ts';
import type { ChildStart } from './child-start.ts';
import { crashed, shutdown } from './exit-reason.ts';
import type { IncarnationOutput, IncarnationStarted } from './incarnation-end.ts';
import type { Message, Request, StartResult } from './message.ts';

/** Besides the messages to the core: the start that had to wait for the event loop's next turn. */
export type SupervisorEvent = CoreEvent | { type: 'start.due' };

/** Calls and shutdown come from outside, the rest from the supervisor's incarnations and its own timers. */
export type CoreEvent =
  | ShutdownEvent
  | { type: 'supervisor.call'; correlation: string; request: Request<ChildStart> }
  | { type: 'supervisor.suspend' }
  | { type: 'supervisor.resume' }
  | { type: 'restart.due'; id: string; token: number }
  | IncarnationStarted
  | IncarnationOver
  | IncarnationCrashed;

type IncarnationOver = DoneActorEvent<IncarnationOutput>;
type IncarnationCrashed = ErrorActorEvent;

/** Each is a message to the core; the only one without a name of its own is the machine's own beginning. */
export function messageOf(event: CoreEvent): Message<ChildStart> {
  switch (event.type) {
    case 'shutdown':
      return { type: 'shutdown', reason: shutdown };
    case 'supervisor.call':
      return { type: 'call', correlation: event.correlation, request: event.request };
    case 'supervisor.suspend':
      return { type: 'suspend' };
    case 'supervisor.resume':
      return { type: 'resume' };
    case 'restart.due':
      return { type: 'restart.try_again', id: event.id, token: event.token };
    case 'incarnation.started':
      return { type: 'child.started', pid: event.pid, result: event.result };
    default:
      return 'actorId' in event ? messageOfEnd(event) : { type: 'init' };
  }
}

/** A life is over. An incarnation that itself crashed, as on a taken systemId, took its child with it. */
function messageOfEnd(event: IncarnationOver | IncarnationCrashed): Message<ChildStart> {
  if (!('output' in event)) return { type: 'child.exited', pid: event.actorId, reason: crashed(event.error) };
  const { pid, end } = event.output;
  if (end.type === 'exited') return { type: 'child.exited', pid, reason: end.reason };
  const result: StartResult =
    end.type === 'ignored' ? { type: 'ignore' } : { type: 'error', reason: end.reason };
  return { type: 'child.started', pid, result };
}
