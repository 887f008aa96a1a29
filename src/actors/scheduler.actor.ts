/** The scheduler, bound to the task store and the presence board. */
import { fromCallback, fromPromise } from 'xstate';
import { schedulerMachine } from '../../machines/scheduler.machine.ts';
import { type PlannableAgent, type PlannableTask, planAssignments } from '../../machines/scheduling/plan.ts';
import { stageOf, type TaskRecord } from '../tasks/task-record.ts';
import type { TaskStore } from '../tasks/task-store.ts';
import { evidenceOf } from './failed-try.ts';
import type { World } from './world.ts';

export function schedulerActor(world: World) {
  return schedulerMachine.provide({
    actors: {
      watchBoard: fromCallback(({ sendBack }) => {
        const changed = () => sendBack({ type: 'board.changed' });
        const stopped = new AbortController();
        const stops = [
          world.ports.tasks.get().onChange(changed),
          world.ports.presence.get().onChange(changed),
          () => stopped.abort(),
        ];
        // Rejected means stopped.
        world.ports.tracker.whenOpen(stopped.signal).then(changed, () => undefined);
        return () => {
          for (const stop of stops) stop();
        };
      }),
      planAndClaim: fromPromise(async () => {
        const tasks = world.ports.tasks.get();
        await takeBackExpired(world, tasks);
        // In a tracker that is read only in part, the most urgent issue may be the one still to come.
        if (!world.trackerRead) return;
        // What has begun may end; nothing new begins that would need the last of the disk.
        if (world.ports.space.peek()?.isLow) return;
        const { assignments } = planAssignments(
          plannableTasks(tasks),
          plannableAgents(world),
          isDoneIn(tasks),
          Date.now(),
        );
        const { lease } = world.config.scheduler;
        const { node } = world.config;
        for (const { task, agent } of assignments) {
          await tasks.apply(task, { type: 'claim', agent, node, leaseUntil: Date.now() + lease });
        }
      }),
    },
  });
}

/**
 * A holder that has not renewed its lease in time has lost it, whatever it still does; one in quarantine at once. Where
 * the holder is seen at work here, only the clock was ahead of the renewal (the daemon was stopped, the machine slept):
 * that is made up for.
 */
async function takeBackExpired(world: World, tasks: TaskStore): Promise<void> {
  const now = Date.now();
  for (const task of [...tasks.unfinished()]) {
    const { issue, token, claim } = task;
    if (claim === null) continue;
    const present = world.ports.presence.get().get(claim.agent);
    if (present?.availability === 'quarantined') {
      await takeBack(world, tasks, task, `${claim.agent} is in quarantine: ${present.reason ?? 'unknown'}`);
      continue;
    }
    if (claim.leaseUntil >= now || isToBeRecalled(world, claim.agent, claim.node)) continue;
    if (claim.node === world.config.node && present?.task === issue.id) {
      await tasks.apply(issue.id, { type: 'renew', token, leaseUntil: now + world.config.scheduler.lease });
    } else await takeBack(world, tasks, task, 'the lease ran out without a sign of its holder');
  }
}

async function takeBack(world: World, tasks: TaskStore, task: TaskRecord, reason: string): Promise<void> {
  const { issue, token, claim } = task;
  const evidence = await evidenceOf(world.places.get(claim?.agent ?? ''), task);
  await tasks.apply(issue.id, {
    type: 'release',
    token,
    reason,
    at: new Date().toISOString(),
    evidence,
  });
}

/**
 * While no daemon lived nobody renewed the leases of the agents here: each has until one lease after the start to look
 * for what it holds, and to go on with it.
 */
function isToBeRecalled(world: World, agent: string, node: string): boolean {
  const place = node === world.config.node ? world.places.get(agent) : undefined;
  if (place === undefined || place.hasRecalled) return false;
  return Date.now() < Date.parse(world.startedAt) + world.config.scheduler.lease;
}

export function* plannableTasks(tasks: TaskStore): Generator<PlannableTask> {
  for (const task of tasks.unfinished()) yield plannable(task);
}

function plannable(task: TaskRecord): PlannableTask {
  const { id, priority, createdAt, deadline, blockedBy } = task.issue;
  const waitingFor = task.state === 'waiting' ? stageOf(task) : undefined;
  return { id, priority, createdAt, deadline, blockedBy, waitingFor, agents: task.agents };
}

/** Free is who says so and holds nothing: the store knows of a claim before the agent does. */
function plannableAgents(world: World): PlannableAgent[] {
  const holders = new Set<string>();
  for (const { claim } of world.ports.tasks.get().unfinished()) if (claim) holders.add(claim.agent);
  const presence = world.ports.presence.get();
  return [...world.places.values()].map(({ name, config }) => ({
    name,
    roles: config.roles,
    free: presence.get(name)?.availability === 'idle' && !holders.has(name),
  }));
}

/** A blocker counts as done when its task is, or when it was closed without us. */
export const isDoneIn =
  (tasks: TaskStore) =>
  (id: string): boolean => {
    const state = tasks.get(id)?.state;
    return state === 'done' || state === 'closed';
  };
