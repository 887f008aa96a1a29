/** Makes a task's worktree, or finds the one it has; any step may have been cut short the time before. */
import { join } from 'node:path';
import { findBase, refExists, shortRef } from './base-branch.ts';
import { git, SLOW_GIT_MS, tryGit } from './git.ts';
import { exists, listWorktrees, type Worktree } from './list-worktrees.ts';
import type { Repository } from './repository.ts';
import { removeStaleLocks } from './stale-locks.ts';
import { taskBranchName } from './task-branches.ts';
import { WorktreeError } from './worktree-error.ts';
import { halfMade, hasOurLock, lockWorktree } from './worktree-lock.ts';

/** A worktree an agent can work in. */
export interface PreparedWorktree {
  readonly path: string;
  readonly branch: string;
  /** The branch it started from, such as `origin/main`, or a commit. */
  readonly base: string;
  /** False where the task had its worktree already. */
  readonly created: boolean;
  /** Why the remote could not be asked for its newest commits, in git's words. */
  readonly fetchProblem?: string;
}

/** The task's own branch is found again even under another title, with all commits that are on it. */
export async function prepareWorktree(
  repository: Repository,
  taskId: string,
  title: string,
): Promise<PreparedWorktree> {
  const { checkout, directory, branches } = repository;
  const path = join(directory, taskId);
  const recorded = await branches.get(taskId);
  if (recorded !== undefined && (await hasOurLock(path))) {
    await removeStaleLocks(path, recorded.branch);
    return { path, branch: recorded.branch, base: shortRef(recorded.base), created: false };
  }
  // The branch is recorded before git hears of the worktree: a task without one has none.
  const isNew = recorded === undefined && !(await exists(path));
  const present = isNew ? undefined : await find(repository, taskId);
  const isWhole = present !== undefined && !present.missing && present.lockReason !== halfMade;
  if (isWhole && recorded !== undefined) {
    if (!present.locked) await lockWorktree(checkout, path);
    await removeStaleLocks(path, recorded.branch);
    return { path, branch: recorded.branch, base: shortRef(recorded.base), created: false };
  }
  if (isWhole) throw pathTaken(path);
  if (present !== undefined) await git(checkout, ['worktree', 'remove', '--force', '--force', '--', path]);

  const branch = recorded?.branch ?? taskBranchName(taskId, title);
  const branchExists = await refExists(checkout, `refs/heads/${branch}`);
  if (branchExists && recorded !== undefined) {
    await addWorktree(checkout, path, branch, []);
    return { path, branch, base: shortRef(recorded.base), created: true };
  }
  if (branchExists) throw branchTaken(branch);
  const { ref, ...fetched } = await findBase(repository);
  await branches.record(taskId, { branch, base: ref });
  await addWorktree(checkout, path, ref, ['--no-track', '-b', branch]);
  return { path, branch, base: shortRef(ref), created: true, ...fetched };
}

async function find(repository: Repository, taskId: string): Promise<Worktree | undefined> {
  return (await listWorktrees(repository)).find((worktree) => worktree.taskId === taskId);
}

async function addWorktree(checkout: string, path: string, start: string, options: string[]): Promise<void> {
  const args = ['worktree', 'add', '--quiet', ...options, '--', path, start];
  const { exitCode, stderr } = await tryGit(checkout, args, { timeout: SLOW_GIT_MS });
  if (exitCode !== 0) {
    if (/already checked out|already used by worktree|cannot lock ref|a branch named/.test(stderr)) {
      throw branchTaken(options.at(-1) ?? start, stderr);
    }
    if (/already exists/.test(stderr)) throw pathTaken(path, stderr);
    throw new WorktreeError('git-failed', `Cannot make the worktree ${path}: ${stderr.trim()}`);
  }
  await lockWorktree(checkout, path);
}

function branchTaken(branch: string, cause?: string): WorktreeError {
  const message = `The branch ${branch} is somebody else's or in use. Rename or delete it, or close its worktree.`;
  return new WorktreeError('branch-taken', message, { cause });
}

function pathTaken(path: string, cause?: string): WorktreeError {
  const message = `${path} is there already and is not this task's worktree. Move it away.`;
  return new WorktreeError('path-taken', message, { cause });
}
