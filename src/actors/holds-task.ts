/** Whether an agent holds a task now: asked wherever a holder acts outside the daemon's own hands, as when it pushes. */
import type { QueryReply, QueryRequest } from '../events/commands.ts';
import type { TaskRecord } from '../tasks/task-record.ts';
import type { World } from './world.ts';

/**
 * The record decides and not the clock: a lease that ran out is the holder's until somebody takes it back. An answer holds
 * for the moment in which it is given.
 */
export function holdsTask(
  world: World,
  agent: string,
  { task, token }: QueryRequest<'holds'>,
): QueryReply<'holds'> {
  const tasks = world.ports.tasks.get();
  if (task === undefined) {
    return tasks.heldBy(agent) ? { holds: true } : { holds: false, reason: `${agent} holds no task now` };
  }
  const record = tasks.get(task);
  if (!record) return { holds: false, reason: `there is no task ${task}` };
  const isHolder = record.claim?.agent === agent && (token === undefined || token === record.token);
  return isHolder ? { holds: true } : { holds: false, reason: whyNot(record, agent, token) };
}

function whyNot({ issue, state, claim, token: newest }: TaskRecord, agent: string, token?: number): string {
  if (claim === null) return `task ${issue.id} is ${state}, nobody holds it`;
  if (claim.agent !== agent) return `task ${issue.id} is held by ${claim.agent} now`;
  return `task ${issue.id} was claimed anew since (token ${newest}, not ${token})`;
}
