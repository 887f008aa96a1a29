/** The tasks as people list them, in the order in which they are or will be taken, without their texts. */
import { compareIds, planAssignments } from '../../machines/scheduling/plan.ts';
import type { TaskSummary } from '../events/commands.ts';
import { isResting, stageOf, type TaskRecord, type TaskState } from '../tasks/task-record.ts';
import { page } from './answer-page.ts';
import { isDoneIn, plannableTasks } from './scheduler.actor.ts';
import type { World } from './world.ts';

export interface TaskListRequest {
  /** Only those in this state. */
  state?: TaskState | undefined;
  /** Begins behind this one. */
  after?: TaskRecord | undefined;
  limit: number;
}

/** One page: held ones first, then those ready in the order in which they are taken, then held up, then resting ones. */
export function listTasks(world: World, { state, after, limit }: TaskListRequest): TaskSummary[] {
  const listed = inOrder(world);
  const start = after === undefined ? 0 : listed.findIndex(({ issue }) => issue.id === after.issue.id) + 1;
  const wanted = listed.slice(start).filter((task) => state === undefined || task.state === state);
  return page(wanted.slice(0, limit).map(summaryOf));
}

function inOrder(world: World): TaskRecord[] {
  const tasks = world.ports.tasks.get();
  const plan = planAssignments(plannableTasks(tasks), [], isDoneIn(tasks), Date.now());
  const rank = new Map([...plan.ready, ...plan.held.keys()].map((id, index) => [id, index]));
  const rankOf = (task: TaskRecord): number => {
    if (task.claim) return -1;
    return rank.get(task.issue.id) ?? rank.size + (isResting(task) ? 1 : 0);
  };
  return [...tasks.all()].sort((a, b) => rankOf(a) - rankOf(b) || compareIds(a.issue.id, b.issue.id));
}

function summaryOf(task: TaskRecord): TaskSummary {
  const { issue, state, claim } = task;
  const { id, title, priority, blockedBy } = issue;
  return { id, title, priority, state, stage: stageOf(task), agent: claim?.agent, blockedBy };
}
