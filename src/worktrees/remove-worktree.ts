/** Takes a task's worktree away without losing work, unless told to. */
import { rm } from 'node:fs/promises';
import { isMergedInto } from './changes.ts';
import { git, SLOW_GIT_MS, tryGit } from './git.ts';
import { listWorktrees, type Worktree } from './list-worktrees.ts';
import type { Repository } from './repository.ts';
import { readTaskBranches } from './task-branches.ts';
import { WorktreeError } from './worktree-error.ts';

/** How much may be lost. */
export interface RemoveOptions {
  /** Delete the task's branch as well. */
  readonly deleteBranch?: boolean;
  /** Even with uncommitted changes, and with commits that are in no other branch. */
  readonly force?: boolean;
}

/** Throws `dirty` or `unmerged` before anything is touched. 'absent' where there was no worktree any more. */
export async function removeWorktree(
  repository: Repository,
  taskId: string,
  { deleteBranch = false, force = false }: RemoveOptions,
): Promise<'removed' | 'absent'> {
  const { checkout } = repository;
  const worktree = (await listWorktrees(repository)).find((candidate) => candidate.taskId === taskId);
  const recorded = (await readTaskBranches(checkout)).get(taskId);
  if (!force && worktree !== undefined && !worktree.missing) await refuseIfDirty(worktree);
  if (!force && deleteBranch && recorded !== undefined && !(await isMergedInto(checkout, recorded))) {
    const message = `The branch ${recorded.branch} has commits that are not in its base. Merge it, or remove it with force.`;
    throw new WorktreeError('unmerged', message);
  }
  if (worktree !== undefined) await takeAway(checkout, worktree, force);
  if (deleteBranch && recorded !== undefined) await deleteTaskBranch(checkout, recorded.branch);
  return worktree === undefined ? 'absent' : 'removed';
}

async function refuseIfDirty({ taskId, path }: Worktree): Promise<void> {
  if ((await git(path, ['status', '--porcelain'])) === '') return;
  const message = `The worktree of task ${taskId} has uncommitted changes. Commit them, or remove it with force.`;
  throw new WorktreeError('dirty', message);
}

async function takeAway(checkout: string, { path, locked }: Worktree, force: boolean): Promise<void> {
  if (locked) await git(checkout, ['worktree', 'unlock', '--', path]);
  const args = ['worktree', 'remove', ...(force ? ['--force'] : []), '--', path];
  const { exitCode, stderr } = await tryGit(checkout, args, { timeout: SLOW_GIT_MS });
  if (exitCode === 0) return;
  if (!force) throw new WorktreeError('git-failed', `Cannot remove the worktree ${path}: ${stderr.trim()}`);
  // Git gives up where files appear while it deletes, or where it no longer recognizes its own link.
  await rm(path, { recursive: true, force: true, maxRetries: 5 });
  await git(checkout, ['worktree', 'prune']);
}

async function deleteTaskBranch(checkout: string, branch: string): Promise<void> {
  const { exitCode, stderr } = await tryGit(checkout, ['branch', '--delete', '--force', '--', branch]);
  if (exitCode === 0 || /not found/.test(stderr)) return;
  throw new WorktreeError('git-failed', `Cannot delete the branch ${branch}: ${stderr.trim()}`);
}
