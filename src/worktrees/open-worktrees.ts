/** Opens the worktrees of a repository; each operation's own file says how it is done. */
import { mkdir, realpath } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { fetchBase } from './base-branch.ts';
import { isMergedInto, readChanges, readUncommitted } from './changes.ts';
import { fingerprint } from './fingerprint.ts';
import { git, tryGit } from './git.ts';
import { findStrayCommit, takeInventory } from './inventory.ts';
import { listWorktrees, requireWorktree } from './list-worktrees.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { prepareWorktree } from './prepare-worktree.ts';
import { pushBranch } from './push-branch.ts';
import { removeWorktree } from './remove-worktree.ts';
import type { Repository } from './repository.ts';
import { type TaskBranch, TaskBranches } from './task-branches.ts';
import { WorktreeError } from './worktree-error.ts';
import { parseWorktreeList } from './worktree-list.ts';
import type { Worktrees } from './worktrees.ts';

/** Which repository, and where its worktrees go. */
export interface WorktreesOptions {
  readonly repository: string;
  /** Outside the repository's checkout; made if it is missing. One folder a task. */
  readonly directory: string;
  /** Used where the repository has it; `origin` unless told. */
  readonly remote?: string;
  /** The branch tasks start from, if not the default one. */
  readonly baseBranch?: string;
}

/** Rejects with `git-missing`, `not-a-repository`, `no-commits` or `directory-inside-repository`. */
export async function openWorktrees(options: WorktreesOptions): Promise<Worktrees> {
  const repository = await openRepository(options);
  const { checkout, branches } = repository;
  const inTurn = oneAtATime();

  async function pathOf(taskId: string): Promise<string> {
    checkTaskId(taskId);
    return await requireWorktree(repository, taskId);
  }

  async function branchOf(taskId: string): Promise<TaskBranch> {
    const recorded = await branches.get(taskId);
    if (recorded !== undefined) return recorded;
    throw new WorktreeError('worktree-missing', `Task ${taskId} has no branch. Prepare it first.`);
  }

  return {
    async prepare(taskId, title) {
      checkTaskId(taskId);
      return await inTurn(() => prepareWorktree(repository, taskId, title));
    },
    async remove(taskId, removeOptions = {}) {
      checkTaskId(taskId);
      return await inTurn(() => removeWorktree(repository, taskId, removeOptions));
    },
    list: () => listWorktrees(repository),
    inventory: () => takeInventory(repository),
    async strayCommit(taskId) {
      return await findStrayCommit(await pathOf(taskId));
    },
    async isMergedHere(taskId) {
      const recorded = await branches.get(taskId);
      return recorded !== undefined && (await isMergedInto(checkout, recorded));
    },
    async leftovers(knownTaskIds) {
      const known = new Set(knownTaskIds);
      return (await listWorktrees(repository)).filter(({ taskId }) => !known.has(taskId));
    },
    async branch(taskId) {
      return (await branches.get(taskId))?.branch;
    },
    async push(taskId, push) {
      const recorded = await branches.get(taskId);
      // A task's branch is taken away when its base has it all.
      if (recorded === undefined) return 'merged';
      return await pushBranch(repository, push, recorded.base);
    },
    async head(taskId) {
      return (await git(await pathOf(taskId), ['rev-parse', 'HEAD'])).trim();
    },
    async changes(taskId) {
      return await readChanges(await pathOf(taskId), (await branchOf(taskId)).base);
    },
    async uncommitted(taskId) {
      return await readUncommitted(await pathOf(taskId));
    },
    async fingerprint(taskId) {
      return await fingerprint(await pathOf(taskId));
    },
    async isMerged(taskId) {
      const recorded = await branchOf(taskId);
      // Out of reach, the base as it was last fetched still gives an answer that can only be late.
      await inTurn(() => fetchBase(repository, recorded.base));
      return await isMergedInto(checkout, recorded);
    },
  };
}

async function openRepository(options: WorktreesOptions): Promise<Repository> {
  const checkout = resolve(options.repository);
  const { exitCode, stdout, stderr } = await tryGit(checkout, ['worktree', 'list', '--porcelain', '-z']);
  if (exitCode !== 0) {
    const message = `${checkout} is no git repository that we can use: ${stderr.trim()} Run \`git init\` there, or name another folder.`;
    throw new WorktreeError('not-a-repository', message);
  }
  if ((await git(checkout, ['rev-list', '--all', '--max-count=1'])) === '') {
    throw new WorktreeError('no-commits', `${checkout} has no commits to start from. Make a first commit.`);
  }
  await mkdir(options.directory, { recursive: true });
  const directory = await realpath(options.directory);
  const main = parseWorktreeList(stdout)[0]?.path ?? checkout;
  if (directory === main || directory.startsWith(main + sep)) {
    const message = `The worktree folder ${directory} lies inside the repository ${main}. Choose a folder outside.`;
    throw new WorktreeError('directory-inside-repository', message);
  }
  const { remote = 'origin', baseBranch } = options;
  const branches = new TaskBranches(checkout);
  return { checkout, directory, branches, remote, ...(baseBranch !== undefined && { baseBranch }) };
}

function checkTaskId(taskId: string): void {
  if (/^[a-zA-Z0-9_-]+$/.test(taskId)) return;
  const message = `${JSON.stringify(taskId)} is no task id. Use letters, digits, _ and - only.`;
  throw new WorktreeError('invalid-task-id', message);
}
