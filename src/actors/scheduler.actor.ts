/** The scheduler, bound to the task store and the presence board. */
import { fromCallback, fromPromise } from 'xstate';
import { schedulerMachine } from '../../machines/scheduler.machine.ts';
import { type PlannableAgent, type PlannableTask, planAssignments } from '../../machines/scheduling/plan.ts';
import { stageOf, type TaskRecord } from '../tasks/task-record.ts';
import type { TaskStore } from '../tasks/task-store.ts';
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
 * A holder that has not renewed its lease in time has lost it, whatever it still does. Where the holder is seen at work
 * here, only the clock was ahead of the renewal (the daemon was stopped, the machine slept): that is made up for.
 */
async function takeBackExpired(world: World, tasks: TaskStore): Promise<void> {
  const now = Date.now();
  const leaseUntil = now + world.config.scheduler.lease;
  const at = new Date(now).toISOString();
  for (const { issue, token, claim } of [...tasks.all()]) {
    if (claim === null || claim.leaseUntil >= now) continue;
    const present = world.ports.presence.get().get(claim.agent);
    const isAtWork = claim.node === world.config.node && present?.task === issue.id;
    const reason = 'the lease ran out without a sign of its holder';
    await tasks.apply(
      issue.id,
      isAtWork ? { type: 'renew', token, leaseUntil } : { type: 'release', token, reason, at },
    );
  }
}

export function* plannableTasks(tasks: TaskStore): Generator<PlannableTask> {
  for (const task of tasks.all()) yield plannable(task);
}

function plannable(task: TaskRecord): PlannableTask {
  const { id, priority, createdAt, deadline, blockedBy } = task.issue;
  const waitingFor = task.state === 'waiting' ? stageOf(task) : undefined;
  return { id, priority, createdAt, deadline, blockedBy, waitingFor, agents: task.agents };
}

/** Free is who says so and holds nothing: the store knows of a claim before the agent does. */
function plannableAgents(world: World): PlannableAgent[] {
  const holders = new Set<string>();
  for (const { claim } of world.ports.tasks.get().all()) if (claim) holders.add(claim.agent);
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
