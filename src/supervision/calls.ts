/** OTP's `supervisor` API: each call is an event to a supervisor and a promise of its answer. */
import { randomUUID } from 'node:crypto';
import type { ActorChildSpec, ChildStart } from '../../machines/supervision/child-start.ts';
import type { CallName, CallResults, NoProcess, Reply, Request } from '../../machines/supervision/message.ts';
import type { SupervisorRef } from '../../machines/supervisor.machine.ts';

/** What a call of this name is answered with. No promise here ever rejects; a dead supervisor is `noproc`. */
type Answer<Name extends CallName> = Promise<Result<Name>>;

type Result<Name extends CallName> = CallResults<ChildStart>[Name] | NoProcess;

/** Adds a child, last in start order, and starts it. */
export function startChild(supervisor: SupervisorRef, spec: ActorChildSpec): Answer<'start_child'> {
  return call(supervisor, { call: 'start_child', child: spec });
}

/** Starts a child of a `simple_one_for_one` supervisor; `args` reach its start's `input` function. */
export function startDynamicChild(supervisor: SupervisorRef, args: unknown): Answer<'start_child'> {
  return call(supervisor, { call: 'start_child', child: { args } });
}

/** Starts a child again that is neither running nor being restarted. Costs no restart intensity. */
export function restartChild(supervisor: SupervisorRef, id: string): Answer<'restart_child'> {
  return call(supervisor, { call: 'restart_child', child: id });
}

/**
 * Ends a child as its spec's `shutdown` says, or calls off its restart. Its spec stays unless it is temporary.
 * `child` is an id; under `simple_one_for_one` a pid.
 */
export function terminateChild(supervisor: SupervisorRef, child: string): Answer<'terminate_child'> {
  return call(supervisor, { call: 'terminate_child', child });
}

/** Forgets the spec of a child that is neither running nor being restarted. */
export function deleteChild(supervisor: SupervisorRef, id: string): Answer<'delete_child'> {
  return call(supervisor, { call: 'delete_child', child: id });
}

/** All children, the last started first. */
export function whichChildren(supervisor: SupervisorRef): Answer<'which_children'> {
  return call(supervisor, { call: 'which_children' });
}

/** How many children there are, of each type and alive. */
export function countChildren(supervisor: SupervisorRef): Answer<'count_children'> {
  return call(supervisor, { call: 'count_children' });
}

/** A child's spec with all defaults filled in. `child` is an id; under `simple_one_for_one` a pid. */
export function getChildSpec(supervisor: SupervisorRef, child: string): Answer<'get_childspec'> {
  return call(supervisor, { call: 'get_childspec', child });
}

const noProcess: NoProcess = { ok: false, error: 'noproc' };

/** Waits without limit, as OTP's calls do: a supervisor in the middle of a slow start or stop answers after it. */
function call<Name extends CallName>(
  supervisor: SupervisorRef,
  request: Request<ChildStart> & { call: Name },
): Answer<Name> {
  if (supervisor.getSnapshot().status !== 'active') return Promise.resolve(noProcess);
  const correlation = randomUUID();
  return new Promise((resolve) => {
    const replies = supervisor.on('supervisor.replied', ({ reply }) => {
      if (reply.correlation === correlation && isReplyTo(reply, request.call)) settle(reply.result);
    });
    const end = supervisor.subscribe({
      complete: () => settle(noProcess),
      error: () => settle(noProcess),
    });
    function settle(result: Result<Name>): void {
      replies.unsubscribe();
      end.unsubscribe();
      resolve(result);
    }
    supervisor.send({ type: 'supervisor.call', correlation, request });
  });
}

function isReplyTo<Name extends CallName>(
  reply: Reply<ChildStart>,
  name: Name,
): reply is Reply<ChildStart> & { call: Name; result: CallResults<ChildStart>[Name] } {
  return reply.call === name;
}
