/** One recorded push, brought to the remote: only what the task's record says now, and the remote is compared first. */
import type { Delivery } from '../outbox/delivery-lane.ts';
import type { OutgoingWrite } from '../outbox/outbox-record.ts';
import { recordedCommit } from '../outbox/task-results.ts';
import { WorktreeError } from '../worktrees/worktree-error.ts';
import type { World } from './world.ts';

export async function pushRecorded(
  world: World,
  { task, token, branch, commit }: Extract<OutgoingWrite, { kind: 'push' }>,
): Promise<Delivery> {
  const { tasks, worktrees } = world.ports;
  const record = tasks.get().get(task);
  // A newer result has taken its place, and is or will be pushed instead.
  if (record === undefined || recordedCommit(record) !== commit) return { outcome: 'done' };
  const open = worktrees.peek();
  if (!open) return { outcome: 'away', reason: 'the worktrees are not open now' };
  try {
    const pushed = await open.push(task, { branch, commit });
    if (pushed !== 'merged') world.tell('task.pushed', task, { token, branch, commit });
    return { outcome: 'done' };
  } catch (error) {
    if (!(error instanceof WorktreeError)) throw error;
    return { outcome: outcomeOf(error), reason: error.message };
  }
}

function outcomeOf({ code }: WorktreeError): Exclude<Delivery['outcome'], 'done'> {
  switch (code) {
    case 'remote-refused':
      return 'refused';
    case 'branch-foreign':
    case 'commit-missing':
      return 'never';
    case 'git-failed':
    // A push of its own may be too large for the time it has; what is quick is not to wait for it.
    case 'timeout':
      return 'later';
    default:
      return 'away';
  }
}
