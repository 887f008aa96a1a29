/** What a task's branch and worktree hold that its base does not. */
import { refExists, shortRef } from './base-branch.ts';
import { git } from './git.ts';
import type { TaskBranch } from './task-branches.ts';
import { WorktreeError } from './worktree-error.ts';

/** A task's work so far. */
export interface Changes {
  /** Commits that its base does not have. */
  readonly commits: number;
  /** Paths that differ from where the branch left its base: committed, uncommitted and untracked; sorted. */
  readonly files: readonly string[];
  /** Whether something is not committed. */
  readonly dirty: boolean;
}

/** Counts from the commit where the worktree's HEAD left `base`, a full ref. */
export async function readChanges(worktreePath: string, base: string): Promise<Changes> {
  if (!(await refExists(worktreePath, base))) {
    throw new WorktreeError('base-missing', `${shortRef(base)} is gone. Fetch it, or create it again.`);
  }
  const [count, changed, notCommitted] = await Promise.all([
    git(worktreePath, ['rev-list', '--count', `${base}..HEAD`, '--']),
    // Between commits: against the worktree git 2.39 locks the index, whatever GIT_OPTIONAL_LOCKS says.
    git(worktreePath, ['diff', '--name-only', '--no-renames', '--no-ext-diff', '-z', `${base}...HEAD`, '--']),
    readUncommitted(worktreePath),
  ]);
  const committed = changed.split('\0').filter((path) => path !== '');
  const files = [...new Set([...committed, ...notCommitted])].sort();
  return { commits: Number(count), files, dirty: notCommitted.length > 0 };
}

/** Paths with changes that are not committed, untracked ones among them; one git process. */
export async function readUncommitted(worktreePath: string): Promise<string[]> {
  const args = ['status', '--porcelain', '--no-renames', '--untracked-files=all', '-z'];
  const entries = (await git(worktreePath, args)).split('\0').filter((entry) => entry !== '');
  return entries.map((entry) => entry.slice(3));
}

/**
 * Whether the base has every change of the branch, as the same commits or, after a rebase or a cherry-pick, as
 * others with the same content. Several commits squashed into one are not recognized.
 */
export async function isMergedInto(checkout: string, { branch, base }: TaskBranch): Promise<boolean> {
  const ref = `refs/heads/${branch}`;
  if (!(await refExists(checkout, ref)) || !(await refExists(checkout, base))) return false;
  const commits = await git(checkout, ['cherry', base, ref]);
  return !/^\+/m.test(commits);
}
