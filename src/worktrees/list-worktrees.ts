/** Which tasks have a worktree; what is in them is looked at elsewhere. */
import { access } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { git } from './git.ts';
import type { Repository } from './repository.ts';
import { WorktreeError } from './worktree-error.ts';
import { parseWorktreeList } from './worktree-list.ts';

/** A task's worktree. */
export interface Worktree {
  readonly taskId: string;
  readonly path: string;
  /** What is checked out now, without `refs/heads/`; absent in the middle of a rebase, for example. */
  readonly branch?: string;
  /** The commit that is checked out. */
  readonly head?: string;
  readonly locked: boolean;
  readonly lockReason?: string;
  /** Git knows it, but its folder is gone. */
  readonly missing: boolean;
}

/** The worktrees right inside the repository's worktree folder. */
export async function listWorktrees({ checkout, directory }: Repository): Promise<Worktree[]> {
  const listed = parseWorktreeList(await git(checkout, ['worktree', 'list', '--porcelain', '-z']));
  const ours = listed.filter(({ path }) => dirname(path) === directory);
  return await Promise.all(
    ours.map(async (worktree) => {
      const missing = !(await exists(join(worktree.path, '.git')));
      return { ...worktree, taskId: relative(directory, worktree.path), missing };
    }),
  );
}

/** Where the task's worktree is, or {@link WorktreeError} `worktree-missing`; asked often, so git is not. */
export async function requireWorktree({ directory }: Repository, taskId: string): Promise<string> {
  const path = join(directory, taskId);
  if (await exists(join(path, '.git'))) return path;
  throw new WorktreeError('worktree-missing', `Task ${taskId} has no worktree. Prepare it first.`);
}

/** Whether something lies there. */
export async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
