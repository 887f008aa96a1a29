/** The labels by which people see in the tracker where a task stands. */
import { stageOf, type TaskRecord } from './task-record.ts';

const workingLabel = 'status:in-progress';
const endLabels = { done: 'status:done', failed: 'status:failed', blocked: 'status:blocked' } as const;

/** Whether a label is ours to set and take away. */
const isOurs = (label: string): boolean => label.startsWith('status:') || label.startsWith('assigned:');

/**
 * The labels a task ought to carry: its stage's (`status:in-progress` while the first one is worked on), and who works
 * on it. `stageLabels` names the label of each stage; one without a name there is called `status:<stage>`.
 */
function labelsOf(task: TaskRecord, stageLabels: Readonly<Record<string, string>>): string[] {
  if (task.state === 'closed') return [];
  if (task.state === 'done' || task.state === 'failed' || task.state === 'blocked')
    return [endLabels[task.state]];
  const stage = stageOf(task) ?? '';
  const waiting = stageLabels[stage] ?? `status:${stage}`;
  if (!task.claim) return [waiting];
  return [task.stageIndex === 0 ? workingLabel : waiting, `assigned:${task.claim.agent}`];
}

/** The stage at which an issue enters, by a label that somebody has put on it; 0 without one. */
export function entryStage(
  labels: readonly string[],
  flow: readonly string[],
  stageLabels: Readonly<Record<string, string>>,
): number {
  const index = flow.findIndex((stage) => labels.includes(stageLabels[stage] ?? `status:${stage}`));
  return Math.max(index, 0);
}

/** An issue's labels without ours: what people say of it, not what we do with it. */
export const withoutOurs = (labels: readonly string[]): string[] => labels.filter((label) => !isOurs(label));

/** What to add and remove so that the issue carries exactly the right ones of all labels that we ever set. */
export function labelChange(
  task: TaskRecord,
  stageLabels: Readonly<Record<string, string>>,
  agents: Iterable<string>,
): { add: string[]; remove: string[] } {
  const add = labelsOf(task, stageLabels);
  const stages = task.flow.map((stage) => stageLabels[stage] ?? `status:${stage}`);
  const assigned = [...agents].map((agent) => `assigned:${agent}`);
  const vocabulary = new Set([
    ...stages,
    ...Object.values(stageLabels),
    workingLabel,
    ...Object.values(endLabels),
    ...assigned,
  ]);
  return { add, remove: [...vocabulary].filter((label) => !add.includes(label)) };
}
