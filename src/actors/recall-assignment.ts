/** What an agent still holds when its work begins: left running by an earlier daemon, not yet begun, or to be begun again. */
import type { HeldAssignment, RecalledAssignment } from '../../machines/agent.machine.ts';
import type { AgentPlace } from '../agents/agent-place.ts';
import type { TaskRecord } from '../tasks/task-record.ts';
import type { Applied } from '../tasks/task-store.ts';
import { evidenceOf } from './failed-try.ts';
import type { World } from './world.ts';

export const heldOf = (task: TaskRecord): HeldAssignment => ({ task: task.issue.id, token: task.token });

/** Null when nothing is held. What was handed over to a program that is gone counts as another try. */
export async function recallAssignment(world: World, place: AgentPlace): Promise<RecalledAssignment | null> {
  const { adopted } = place;
  place.adopted = undefined;
  if (adopted?.assignment) {
    const { task, token } = adopted.assignment;
    return { task, token, isUnderWay: true };
  }
  const task = world.ports.tasks.get().heldBy(place.name);
  if (!task) return null;
  // An adopted program is known to have been told nothing: the daemon died before.
  const isUntouched = adopted !== undefined && task.state === 'assigned';
  const held = isUntouched ? await keep(world, task) : await takeUpAgain(world, place, task);
  return held ? { ...held, isUnderWay: false } : null;
}

/** The same try goes on. */
async function keep(world: World, { issue, token }: TaskRecord): Promise<HeldAssignment | undefined> {
  const leaseUntil = Date.now() + world.config.scheduler.lease;
  const { taken, task } = await world.ports.tasks.get().apply(issue.id, { type: 'renew', token, leaseUntil });
  return taken ? heldOf(task) : undefined;
}

/**
 * What an earlier life held, its try counted; undefined when it was the last one, or somebody else has it by now. A life
 * that is ending may still have counted: then the record tells a later try, and that one is counted.
 */
async function takeUpAgain(
  world: World,
  place: AgentPlace,
  found: TaskRecord,
): Promise<HeldAssignment | undefined> {
  const reason = `${place.lastEnd ?? 'the program or its pane went down'} in the middle of the work`;
  const leaseUntil = Date.now() + world.config.scheduler.lease;
  let known: TaskRecord | undefined = found;
  while (known?.claim?.agent === place.name) {
    const { issue, token, attempts }: TaskRecord = known;
    const evidence = await evidenceOf(place, known);
    const restart = { type: 'restart', token, attempt: attempts, leaseUntil, reason, evidence } as const;
    const applied: Applied = await world.ports.tasks.get().apply(issue.id, restart);
    if (applied.taken) return applied.task.claim ? heldOf(applied.task) : undefined;
    if (applied.task?.token === token && applied.task.attempts === attempts) return undefined;
    known = applied.task;
  }
  return undefined;
}
