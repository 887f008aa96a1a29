/** Takes a task's worktree away without losing work, unless told to. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMergedInto } from './changes.ts';
import { git, SLOW_GIT_MS, tryGit } from './git.ts';
import { listWorktrees, type Worktree } from './list-worktrees.ts';
import type { Repository } from './repository.ts';
import { WorktreeError } from './worktree-error.ts';
import { hasOurLock, lockWorktree, unlockWorktree } from './worktree-lock.ts';

/** How much may be lost. */
export interface RemoveOptions {
  /** Delete the task's branch as well. */
  readonly deleteBranch?: boolean;
  /** Even with uncommitted changes, and with commits that are in no other branch. */
  readonly force?: boolean;
}

/** Throws `dirty` or `unmerged` and leaves everything as it was. 'absent' where there was no worktree any more. */
export async function removeWorktree(
  repository: Repository,
  taskId: string,
  { deleteBranch = false, force = false }: RemoveOptions,
): Promise<'removed' | 'absent'> {
  const { checkout, branches } = repository;
  const worktree = await find(repository, taskId);
  const recorded = deleteBranch ? await branches.get(taskId) : undefined;
  if (!force && recorded !== undefined && !(await isMergedInto(checkout, recorded))) {
    const message = `The branch ${recorded.branch} has commits that are not in its base. Merge it, or remove it with force.`;
    throw new WorktreeError('unmerged', message);
  }
  if (worktree !== undefined) await takeAway(checkout, worktree, force);
  if (recorded !== undefined) {
    await deleteTaskBranch(checkout, recorded.branch);
    branches.forget(taskId);
  }
  return worktree === undefined ? 'absent' : 'removed';
}

/** Asks git only where the worktree is not just as `prepare` leaves it. */
async function find(repository: Repository, taskId: string): Promise<Found | undefined> {
  const path = join(repository.directory, taskId);
  if (await hasOurLock(path)) return { path, locked: true };
  return (await listWorktrees(repository)).find((worktree) => worktree.taskId === taskId);
}

type Found = Pick<Worktree, 'path' | 'locked'>;

/** Git itself looks for changes, right before it deletes. */
async function takeAway(checkout: string, { path, locked }: Found, force: boolean): Promise<void> {
  if (locked) await unlockWorktree(checkout, path);
  const args = ['worktree', 'remove', ...(force ? ['--force'] : []), '--', path];
  const { exitCode, stderr } = await tryGit(checkout, args, { timeout: SLOW_GIT_MS });
  if (exitCode === 0) return;
  if (!force) {
    // It may have got so far that there is nothing left to lock.
    if (locked) await lockWorktree(checkout, path).catch(() => undefined);
    throw refusal(path, stderr);
  }
  // Git gives up where files appear while it deletes, or where it no longer recognizes its own link.
  await rm(path, { recursive: true, force: true, maxRetries: 5 });
  await git(checkout, ['worktree', 'prune']);
}

function refusal(path: string, stderr: string): WorktreeError {
  if (/contains modified or untracked files/.test(stderr)) {
    const message = `The worktree ${path} has uncommitted changes. Commit them, or remove it with force.`;
    return new WorktreeError('dirty', message);
  }
  return new WorktreeError('git-failed', `Cannot remove the worktree ${path}: ${stderr.trim()}`);
}

async function deleteTaskBranch(checkout: string, branch: string): Promise<void> {
  const { exitCode, stderr } = await tryGit(checkout, ['branch', '--delete', '--force', '--', branch]);
  if (exitCode === 0 || /not found/.test(stderr)) return;
  throw new WorktreeError('git-failed', `Cannot delete the branch ${branch}: ${stderr.trim()}`);
}
