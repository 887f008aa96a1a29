/** The results in a task's record that somebody outside may have to hear of; pure. */
import type { TaskRecord } from '../tasks/task-record.ts';

/** How a try ended, and what that made of the task. */
export interface TaskResult {
  readonly token: number;
  readonly stage: string;
  readonly agent: string;
  readonly outcome: 'done' | 'failed' | 'blocked' | 'released';
  readonly summary: string;
  readonly commit?: string | undefined;
  /** What it was the end of; null when the task goes on by itself. */
  readonly end: 'completed' | 'failed' | 'blocked' | null;
}

/**
 * Those after a token, oldest first. A claim has one result, known by its token: a history entry, or, where the program crashed at its last
 * attempt and nobody reported, the task's own failure.
 */
export function resultsOf(task: TaskRecord, after: number): TaskResult[] {
  const results = task.history
    .filter(({ token }) => token > after)
    .map((entry): TaskResult => ({ ...entry, end: endOf(task, entry.token) }));
  const isUnreported = task.state === 'failed' && task.history.at(-1)?.token !== task.token;
  if (!isUnreported || task.token <= after) return results;
  const stage = task.flow[task.stageIndex] ?? '';
  return [
    ...results,
    { token: task.token, stage, agent: '', outcome: 'failed', summary: task.reason, end: 'failed' },
  ];
}

/** Only the newest result can have been the end: what came before was followed by another try. */
function endOf({ state, token, history }: TaskRecord, ofToken: number): TaskResult['end'] {
  const outcome = history.find((entry) => entry.token === ofToken)?.outcome;
  if (outcome === 'blocked') return 'blocked';
  if (ofToken !== token) return null;
  if (state === 'done') return 'completed';
  return state === 'failed' ? 'failed' : null;
}

/** The newest commit on record as a stage's result; nothing else is ever pushed. */
export function recordedCommit(task: TaskRecord): string | undefined {
  return task.history.findLast(({ commit }) => commit !== undefined)?.commit;
}
