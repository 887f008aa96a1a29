/** Makes a task's worktree, or finds the one it has; any step may have been cut short the time before. */
import { join } from 'node:path';
import { findBase, refExists, shortRef } from './base-branch.ts';
import { git, SLOW_GIT_MS, tryGit } from './git.ts';
import { listWorktrees, type Worktree } from './list-worktrees.ts';
import type { Repository } from './repository.ts';
import { readTaskBranches, recordTaskBranch, taskBranchName } from './task-branches.ts';
import { WorktreeError } from './worktree-error.ts';

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

/** Git's own reason while it is still checking out files. */
const HALF_MADE = 'initializing';

/** The task's own branch is found again even under another title, with all commits that are on it. */
export async function prepareWorktree(
  repository: Repository,
  taskId: string,
  title: string,
): Promise<PreparedWorktree> {
  const { checkout, directory } = repository;
  const path = join(directory, taskId);
  const recorded = (await readTaskBranches(checkout)).get(taskId);
  const present = (await listWorktrees(repository)).find((worktree) => worktree.taskId === taskId);
  const isWhole = present !== undefined && !present.missing && present.lockReason !== HALF_MADE;
  if (isWhole && recorded !== undefined) {
    await lock(checkout, present);
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
  await recordTaskBranch(checkout, taskId, { branch, base: ref });
  await addWorktree(checkout, path, ref, ['--no-track', '-b', branch]);
  return { path, branch, base: shortRef(ref), created: true, ...fetched };
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
  await lock(checkout, { path, locked: false });
}

/** A locked worktree survives `git worktree prune`, which people run. */
async function lock(checkout: string, { path, locked }: Pick<Worktree, 'path' | 'locked'>): Promise<void> {
  if (!locked)
    await git(checkout, ['worktree', 'lock', '--reason', 'an orchestra task works here', '--', path]);
}

function branchTaken(branch: string, cause?: string): WorktreeError {
  const message = `The branch ${branch} is somebody else's or in use. Rename or delete it, or close its worktree.`;
  return new WorktreeError('branch-taken', message, { cause });
}

function pathTaken(path: string, cause?: string): WorktreeError {
  const message = `${path} is there already and is not this task's worktree. Move it away.`;
  return new WorktreeError('path-taken', message, { cause });
}
