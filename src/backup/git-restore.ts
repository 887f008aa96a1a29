/** Brings the agents' work back into git: branches that are not there, worktrees, and in them what was not committed. */
import { commitOf } from '../worktrees/commit-of.ts';
import { git, SLOW_GIT_MS, tryGit } from '../worktrees/git.ts';
import { openWorktrees } from '../worktrees/open-worktrees.ts';
import { WorktreeError } from '../worktrees/worktree-error.ts';
import type { Worktrees } from '../worktrees/worktrees.ts';
import { BackupError } from './backup-error.ts';
import type { BranchEntry, GitEntry } from './manifest.ts';

export interface GitTarget {
  repository: string;
  worktrees: string;
}

/** Where the backup's commit of a branch stands that is at another one today. */
const namespace = 'refs/orchestra/restored';

/** @throws BackupError `repository` when something that the backup builds on is not in it; nothing is written */
export async function checkRepository(
  { repository }: GitTarget,
  { branches, remote }: GitEntry,
  bundle: string | undefined,
): Promise<void> {
  const { exitCode, stderr } = await tryGit(repository, ['rev-parse', '--git-dir']);
  const source = remote ? 'clone it' : 'make one with `git init`, or clone it from a copy';
  if (exitCode !== 0)
    throw new BackupError(
      'repository',
      `${repository} is no git repository (${firstLine(stderr)}): ${source}, and restore again.`,
    );
  const fetch = 'get them with `git fetch --all`, and restore again';
  if (bundle !== undefined) {
    const verified = await tryGit(repository, ['bundle', 'verify', '--quiet', bundle]);
    if (verified.exitCode === 0) return;
    throw new BackupError(
      'repository',
      `${repository} lacks commits that the backup builds on (${firstLine(verified.stderr)}): ${fetch}.`,
    );
  }
  for (const { branch, commit } of branches) {
    if ((await commitOf(repository, commit)) !== undefined) continue;
    throw new BackupError('repository', `${repository} lacks the commit ${commit} of ${branch}: ${fetch}.`);
  }
}

/** Resolves with what a person should know: which branches were left as they are. @throws WorktreeError */
export async function restoreWork(
  target: GitTarget,
  { branches }: GitEntry,
  bundle: string | undefined,
): Promise<string[]> {
  const { repository } = target;
  if (bundle !== undefined) await git(repository, ['bundle', 'unbundle', bundle], { timeout: SLOW_GIT_MS });
  const notes: string[] = [];
  for (const entry of branches) notes.push(...(await restoreBranch(repository, entry)));
  if (branches.length === 0) return notes;
  if ((await commitOf(repository, 'HEAD')) === undefined) return notes;
  const worktrees = await openWorktrees({ repository, directory: target.worktrees });
  for (const entry of branches) if (entry.worktree) notes.push(...(await restoreWorktree(worktrees, entry)));
  return notes;
}

async function restoreBranch(
  repository: string,
  { task, branch, base, commit }: BranchEntry,
): Promise<string[]> {
  const is = await commitOf(repository, `refs/heads/${branch}`);
  if (is === undefined) await git(repository, ['update-ref', `refs/heads/${branch}`, commit]);
  await git(repository, ['config', '--local', `branch.${branch}.orchestraBase`, base]);
  await git(repository, ['config', '--local', `branch.${branch}.orchestraTask`, task]);
  if (is === undefined || is === commit) return [];
  const { exitCode } = await tryGit(repository, ['merge-base', '--is-ancestor', commit, is]);
  if (exitCode === 0) return [`${branch} has gone on since the backup, and stays as it is`];
  const ref = `${namespace}/${task}`;
  await git(repository, ['update-ref', ref, commit]);
  return [`${branch} is another one today, and stays as it is; that of the backup is ${ref}`];
}

async function restoreWorktree(
  worktrees: Worktrees,
  { task, branch, commit, uncommitted }: BranchEntry,
): Promise<string[]> {
  const path = await prepared(worktrees, task);
  if (path === undefined) return [`${branch} is checked out elsewhere, and has no worktree here`];
  if (uncommitted === null) return [];
  if ((await worktrees.head(task)) === commit) {
    const args = ['restore', '--quiet', `--source=${uncommitted}`, '--worktree', '--', '.'];
    await git(path, args, { timeout: SLOW_GIT_MS });
    return [];
  }
  const ref = `${namespace}/${task}-uncommitted`;
  await git(path, ['update-ref', ref, uncommitted]);
  return [`what was not committed on ${branch} is ${ref}: the branch is not where it was`];
}

/** Undefined where the branch is in use: by another state folder that works on the same repository, or by a person. */
async function prepared(worktrees: Worktrees, task: string): Promise<string | undefined> {
  try {
    return (await worktrees.prepare(task, '')).path;
  } catch (error) {
    if (error instanceof WorktreeError && error.code === 'branch-taken') return undefined;
    throw error;
  }
}

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';
