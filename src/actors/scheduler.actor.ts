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
        const stops = [
          world.ports.tasks.get().onChange(changed),
          world.ports.presence.get().onChange(changed),
        ];
        return () => {
          for (const stop of stops) stop();
        };
      }),
      planAndClaim: fromPromise(async () => {
        const tasks = world.ports.tasks.get();
        await takeBackExpired(tasks);
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

/** A holder that has not renewed its lease in time has lost it, whatever it still does. */
async function takeBackExpired(tasks: TaskStore): Promise<void> {
  const now = Date.now();
  const expired = [...tasks.all()].filter((task) => task.claim !== null && task.claim.leaseUntil < now);
  for (const { issue, token } of expired) {
    const at = new Date().toISOString();
    await tasks.apply(issue.id, {
      type: 'release',
      token,
      reason: 'the lease ran out without a sign of its holder',
      at,
    });
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
