/** The orchestra at a glance, from what its stores hold now. */
import { planAssignments } from '../../machines/scheduling/plan.ts';
import type { OrchestraView } from '../events/commands.ts';
import { isSameState } from '../inspection/state-value.ts';
import { descendantAt } from '../supervision/tree-description.ts';
import { stageOf, type TaskRecord } from '../tasks/task-record.ts';
import { agentViews } from './agent-views.ts';
import { isDoneIn, plannableTasks } from './scheduler.actor.ts';
import type { World } from './world.ts';

/** Counts, agents, and whether anything is left to do. */
export function orchestraStatus(world: World): OrchestraView {
  const { config, ports } = world;
  const tasks = ports.tasks.get();
  const counted = { total: tasks.size, waiting: 0, working: 0, done: 0, failed: 0, blocked: 0, closed: 0 };
  for (const { state } of tasks.all()) counted[state === 'assigned' ? 'working' : state] += 1;
  const { ready } = planAssignments(plannableTasks(tasks), [], isDoneIn(tasks), Date.now());
  return {
    name: config.name,
    node: config.node,
    pid: process.pid,
    version: world.version,
    startedAt: world.startedAt,
    natsUrl: ports.natsServer.peek()?.url ?? '',
    attach: ports.tmux.peek()?.attachCommand() ?? [],
    tasks: counted,
    // Nothing is under way or can be begun: what waits is held up by other tasks, or nobody is left who could take it.
    idle:
      world.trackerRead &&
      counted.working === 0 &&
      !ready.some((id) => hasTaker(world, tasks.get(id))) &&
      isInLine(world),
    outbox: outboxSummary(world),
    diskIsLow: ports.space.peek()?.isLow ?? false,
    keepsPanes: config.shutdown.panes === 'keep',
    agents: agentViews(world),
  };
}

/** Whether what follows from the tasks is done as well: labels, comments and pushes, worktrees of tasks that are over. */
function isInLine(world: World): boolean {
  if (!world.ports.outbox.peek()?.isSettled) return false;
  const tree = world.describeTree();
  return ['work/worktrees', 'work/tracker'].every((path) =>
    isSameState(descendantAt(tree, path)?.value ?? null, { following: 'resting' }),
  );
}

function outboxSummary({ ports }: World): OrchestraView['outbox'] {
  const all = ports.outbox.peek()?.waiting() ?? [];
  const reason = all.find((write) => write.reason !== undefined)?.reason;
  const givenUp = all.filter(({ isGivenUp }) => isGivenUp).length;
  return { waiting: all.length - givenUp, givenUp, ...(reason !== undefined && { reason }) };
}

/** Whether an agent that is not out of play could take the task's stage. */
function hasTaker(world: World, task: TaskRecord | undefined): boolean {
  const stage = task && stageOf(task);
  if (stage === undefined) return false;
  const only = task?.agents[stage];
  return [...world.places.values()].some(
    ({ name, config }) =>
      config.roles.includes(stage) &&
      (only === undefined || only === name) &&
      world.ports.presence.peek()?.get(name)?.availability !== 'quarantined',
  );
}
