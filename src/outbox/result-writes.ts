/** Which writes a task's new results ask for; pure. Labels are none of them: they follow the record, whatever happened before. */
import type { TaskRecord } from '../tasks/task-record.ts';
import type { Beginning, OutgoingWrite } from './outbox-record.ts';
import { resultComment } from './result-comment.ts';
import { resultsOf, type TaskResult } from './task-results.ts';

/** What the config wants to be written. */
export interface WritePolicy {
  readonly comments: 'all' | 'ends' | 'none';
  readonly push: 'never' | 'stage' | 'done';
}

export interface ResultWritesInput {
  readonly policy: WritePolicy;
  readonly beginning: Beginning;
  /** Results up to this token have had their writes. */
  readonly told: number;
  /** The task's branch, where it has one. */
  readonly branch: string | undefined;
  /** ISO 8601. */
  readonly now: string;
}

/** In the order in which they are to be made, and the token up to which the task is told by them. */
export function resultWrites(
  task: TaskRecord,
  { policy, beginning, told, branch, now }: ResultWritesInput,
): { writes: OutgoingWrite[]; told: number } {
  const results = resultsOf(task, told);
  const writes = results.flatMap((result): OutgoingWrite[] => {
    const common = { task: task.issue.id, token: result.token, at: now, givenUp: null };
    const found: OutgoingWrite[] = [];
    if (branch !== undefined && result.commit !== undefined && isPushed(policy.push, result))
      found.push({ kind: 'push', ...common, branch, commit: result.commit });
    if (isCommented(policy.comments, result)) {
      const marker = `result.${beginning.id}.${result.token}`;
      found.push({
        kind: 'comment',
        ...common,
        author: 'conductor',
        text: resultComment(task, result),
        marker,
      });
    }
    return found;
  });
  return { writes, told: results.at(-1)?.token ?? told };
}

/** Whether one of the results has to be pushed: only then does anybody need to know the branch. */
export const needsBranch = (task: TaskRecord, policy: WritePolicy, told: number): boolean =>
  policy.push !== 'never' && task.history.some(({ token, commit }) => token > told && commit !== undefined);

function isCommented(comments: WritePolicy['comments'], { end, outcome }: TaskResult): boolean {
  if (comments === 'none') return false;
  return end !== null || (comments === 'all' && outcome !== 'released');
}

const isPushed = (push: WritePolicy['push'], { end }: TaskResult): boolean =>
  push === 'stage' || (push === 'done' && end === 'completed');
