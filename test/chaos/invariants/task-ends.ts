/** Each task is done exactly once, or has failed with a reason, or waits behind one that has failed. */
import type { TaskRecord } from '../../../src/tasks/task-record.ts';
import type { Evidence } from '../evidence.ts';
import type { ChaosIssue } from '../issues.ts';
import { damagedTasks } from './declared-damage.ts';
import { type Violation, violations } from './violation.ts';

export function checkTaskEnds(evidence: Evidence): Violation[] {
  const sentences = evidence.issues.flatMap((issue) => {
    const task = evidence.tasks.get(issue.id);
    return task
      ? [...checkEnd(issue, task, evidence), ...checkStages(task, evidence)]
      : [`task ${issue.id} is lost`];
  });
  return violations('each task is done exactly once or failed with a reason', sentences);
}

function checkEnd({ id, kind, blockedBy }: ChaosIssue, task: TaskRecord, { tasks }: Evidence): string[] {
  switch (task.state) {
    case 'done':
      return kind === 'work' ? [] : [`task ${id} is ${kind} and was done`];
    case 'failed':
      return task.reason === '' ? [`task ${id} has failed without a reason`] : [];
    case 'waiting': {
      const isHeldUp = blockedBy.some((blocker) => tasks.get(blocker)?.state !== 'done');
      return isHeldUp ? [] : [`task ${id} waits and nothing holds it up`];
    }
    default:
      return [`task ${id} is ${task.state} at the end: ${task.reason}`];
  }
}

/** By the record, which is written with the state, and by the facts, of which a death of the daemon may swallow the last. */
function checkStages(task: TaskRecord, evidence: Evidence): string[] {
  const { id } = task.issue;
  const about = evidence.facts.filter((fact) => fact.about === id);
  const completions = about.filter(({ name }) => name === 'task.completed').length;
  const told = about.filter(({ name, body }) => name === 'task.finished' && body['outcome'] === 'done');
  const sentences: string[] = [];
  if (completions > 1 && !isDamaged(id, evidence))
    sentences.push(`task ${id} was completed ${completions} times`);
  for (const stage of task.flow) {
    const times = told.filter(({ body }) => body['stage'] === stage).length;
    if (times > 1 && !isDamaged(id, evidence))
      sentences.push(`stage ${stage} of task ${id} was done ${times} times`);
  }
  const recorded = task.history.filter(({ outcome }) => outcome === 'done').map(({ stage }) => stage);
  const expected = task.flow.slice(0, task.stageIndex);
  if (recorded.join() !== expected.join() && !isDamaged(id, evidence))
    sentences.push(
      `task ${id} is at stage ${task.stageIndex} and has on record as done: ${recorded.join(', ') || 'nothing'}`,
    );
  return sentences;
}

/** A destroyed record takes the history with it, and the stage that was under way may come again. */
const isDamaged = (id: string, evidence: Evidence): boolean => damagedTasks(evidence).has(id);
