/** Worktrees and branches of tasks that are over or that nobody knows; work that could be lost is kept and named. */
import { quoteForShell } from '../tmux/quoting.ts';
import type { Inventory, OwnBranch, OwnWorktree } from '../worktrees/inventory.ts';
import { WorktreeError } from '../worktrees/worktree-error.ts';
import type { Worktrees } from '../worktrees/worktrees.ts';
import type { Belonging } from './belonging.ts';
import { type FoundOrphan, kept, type Refusal } from './orphan.ts';

export interface WorkOwners {
  readonly worktrees: Worktrees;
  /** Whether a task still needs its worktree and branch; asked again before anything is removed. */
  needs(task: string): Belonging;
}

export async function findOrphanWorktrees(owners: WorkOwners, inventory: Inventory): Promise<FoundOrphan[]> {
  const found: FoundOrphan[] = [];
  for (const worktree of inventory.worktrees) {
    const needed = owners.needs(worktree.taskId);
    if (!needed.belongs) found.push(await judgeWorktree(owners, worktree, needed.why));
  }
  const withWorktree = new Set(inventory.worktrees.map(({ taskId }) => taskId));
  for (const branch of inventory.branches) {
    if (branch.isCheckedOut || withWorktree.has(branch.taskId)) continue;
    const needed = owners.needs(branch.taskId);
    if (!needed.belongs) found.push(await judgeBranch(owners, branch, needed.why));
  }
  return [...found, ...inventory.strangers.map(stranger)];
}

async function judgeWorktree(
  owners: WorkOwners,
  { taskId, path, missing, head }: OwnWorktree,
  why: string,
): Promise<FoundOrphan> {
  const quoted = quoteForShell(path);
  if (!missing) {
    const stray = await owners.worktrees.strayCommit(taskId);
    if (stray !== undefined) {
      const advice = `keep it with \`git -C ${quoted} branch NAME ${stray}\``;
      return kept('worktree', path, `${why}; commit ${stray.slice(0, 12)} in it is in no branch`, advice);
    }
    const files = await owners.worktrees.uncommitted(taskId);
    if (files.length > 0) {
      const some = files.slice(0, 3).join(', ');
      const advice = `look with \`git -C ${quoted} status\`, then commit, or discard with \`git worktree remove --force --force ${quoted}\``;
      return kept('worktree', path, `${why}; it has changes nobody has committed: ${some}`, advice);
    }
  }
  return {
    orphan: { kind: 'worktree', id: path, why, remedy: 'removed' },
    identity: `worktree ${path} ${head ?? ''}`,
    clean: () => refusing(() => remove(owners, taskId)),
  };
}

/** The branch goes too if nothing would be lost by that. */
async function remove({ worktrees, needs }: WorkOwners, taskId: string): Promise<Refusal | undefined> {
  if (needs(taskId).belongs) return { why: `task ${taskId} needs it again` };
  try {
    await worktrees.remove(taskId, { deleteBranch: true });
  } catch (error) {
    if (!(error instanceof WorktreeError) || error.code !== 'unmerged') throw error;
    await worktrees.remove(taskId);
  }
  return undefined;
}

async function judgeBranch(
  { worktrees, needs }: WorkOwners,
  { taskId, branch, base }: OwnBranch,
  why: string,
): Promise<FoundOrphan> {
  if (!(await worktrees.isMergedHere(taskId))) {
    const mainline = base.replace(/^refs\/(?:heads|remotes)\//, '');
    const advice = `merge it into ${mainline}, or discard it with \`git branch -D ${quoteForShell(branch)}\``;
    return kept('branch', branch, `${why}; its commits are not in ${mainline}`, advice);
  }
  return {
    orphan: { kind: 'branch', id: branch, why: `${why}; its base has all its commits`, remedy: 'removed' },
    identity: `branch ${branch}`,
    clean: () =>
      refusing(async () => {
        if (needs(taskId).belongs) return { why: `task ${taskId} needs it again` };
        await worktrees.remove(taskId, { deleteBranch: true });
        return undefined;
      }),
  };
}

function stranger(path: string): FoundOrphan {
  return kept(
    'worktree',
    path,
    'it lies among the worktrees and git does not know it',
    `look into it, and remove it with \`rm -r ${quoteForShell(path)}\``,
  );
}

/** Git has the last word on whether something would be lost. */
async function refusing(act: () => Promise<Refusal | undefined>): Promise<Refusal | undefined> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof WorktreeError) return { why: error.message };
    throw error;
  }
}
