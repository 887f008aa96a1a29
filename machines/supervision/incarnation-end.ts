/** What happens to a life and what the supervisor above learns of its end. */
import type { DoneActorEvent, ErrorActorEvent } from 'xstate';
import { crashed, type ExitReason, exitReasonOf, isIgnore, killed } from './exit-reason.ts';
import type { Pid, StartResult } from './message.ts';
import type { PendingKill } from './subtree.ts';

/** How a life ended: after it had started, by failing to start, or by declining to. */
export type IncarnationEnd =
  | { readonly type: 'exited'; readonly reason: ExitReason }
  | { readonly type: 'failed'; readonly reason: unknown }
  | { readonly type: 'ignored' };

/** A `kill` that failed, and how. */
interface FailedKill {
  readonly id: string;
  readonly pid: Pid;
  readonly path: string;
  readonly reason: unknown;
}

/** What the supervisor learns of a life that is over. */
export interface IncarnationOutput {
  readonly pid: Pid;
  readonly end: IncarnationEnd;
  readonly failedKills: readonly FailedKill[];
}

/** Sent to the supervisor when the child has started. */
export interface IncarnationStarted {
  readonly type: 'incarnation.started';
  readonly pid: Pid;
  readonly result: StartResult;
}

/** What an incarnation hears. */
export type IncarnationEvent =
  /** The supervisor wants the child to end: as agreed in its spec, or by force. */
  | { type: 'incarnation.stop' }
  | { type: 'incarnation.kill' }
  /** Sent by the machine to itself: by now an error in the child's first step would have arrived. */
  | { type: 'incarnation.booted' }
  | { type: 'child.ready'; info?: unknown }
  | DoneActorEvent<unknown, 'child'>
  | ErrorActorEvent<unknown, 'child'>
  | DoneActorEvent<unknown, `kill.${string}`>
  | ErrorActorEvent<unknown, `kill.${string}`>;

/** The calls of `kill` at the end of a life. */
export interface Kills {
  readonly pendingKills: readonly PendingKill[];
  readonly failedKills: readonly FailedKill[];
}

/** The name of the actor that makes a call of `kill`. */
export function killId({ path }: PendingKill): string {
  return `kill.${path}`;
}

/** A child that ends before it has started has failed to start, unless it says that it declines. */
export function startFailure(event: IncarnationEvent): IncarnationEnd {
  if (event.type === 'xstate.error.actor.child') return { type: 'failed', reason: event.error };
  if (event.type !== 'xstate.done.actor.child') return { type: 'failed', reason: 'timeout' };
  return isIgnore(event.output)
    ? { type: 'ignored' }
    : { type: 'failed', reason: exitReasonOf(event.output) };
}

/** Of a child that had started: what it says itself, what it threw, or that it was ended by force. */
export function exitOf(event: IncarnationEvent): IncarnationEnd {
  if (event.type === 'xstate.error.actor.child') return { type: 'exited', reason: crashed(event.error) };
  const isOver = event.type === 'xstate.done.actor.child';
  return { type: 'exited', reason: isOver ? exitReasonOf(event.output) : killed };
}

/** The kills that go on, and those that failed, after `event`: one is over, or the time is up for all. */
export function killsAfter({ pendingKills, failedKills }: Kills, event: IncarnationEvent): Kills {
  const isOver = 'actorId' in event;
  const over = pendingKills.filter((kill) => !isOver || killId(kill) === event.actorId);
  const reason = 'error' in event ? event.error : 'timeout';
  const hasFailed = !isOver || 'error' in event;
  const failed = hasFailed ? over.map(({ id, pid, path }) => ({ id, pid, path, reason })) : [];
  return {
    pendingKills: pendingKills.filter((kill) => !over.includes(kill)),
    failedKills: [...failedKills, ...failed],
  };
}
