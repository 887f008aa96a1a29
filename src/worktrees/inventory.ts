/** Everything in the repository and in the worktree folder that we have made, whoever it was for. */
import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { git } from './git.ts';
import { listWorktrees, type Worktree } from './list-worktrees.ts';
import type { Repository } from './repository.ts';
import type { TaskBranch } from './task-branches.ts';
import { isOurReason } from './worktree-lock.ts';

/** A worktree that carries our lock, or the branch that is on record for its task; a person's own is neither. */
export interface OwnWorktree extends Worktree {
  /** Git's own folder for it (gitrepository-layout(5), `worktrees/<id>`); undefined where it cannot be told. */
  readonly gitFolder: string | undefined;
}

/** A branch that is on record for a task, and exists. */
export interface OwnBranch extends TaskBranch {
  readonly taskId: string;
  readonly isCheckedOut: boolean;
}

export interface Inventory {
  readonly worktrees: readonly OwnWorktree[];
  readonly branches: readonly OwnBranch[];
  /** Folders and files beside the worktrees that git knows nothing of. */
  readonly strangers: readonly string[];
  /** The repository's own folder, in which all its worktrees' are. */
  readonly gitFolder: string;
}

export async function takeInventory(repository: Repository): Promise<Inventory> {
  const { checkout, directory, branches } = repository;
  const [listed, recorded, heads, common, names] = await Promise.all([
    listWorktrees(repository),
    branches.all(),
    // Without `%(worktreepath)` for a branch that no worktree has.
    git(checkout, ['for-each-ref', '--format=%(refname)%00%(worktreepath)', 'refs/heads']),
    git(checkout, ['rev-parse', '--git-common-dir']),
    readdir(directory),
  ]);
  const known = new Map(
    heads
      .split('\n')
      .filter(Boolean)
      .map((line): [string, string] => {
        const [ref = '', checkedOut = ''] = line.split('\0');
        return [ref.replace(/^refs\/heads\//, ''), checkedOut];
      }),
  );
  const own = listed.filter(
    ({ taskId, lockReason, branch }) =>
      isOurReason(lockReason) || (branch !== undefined && recorded.get(taskId)?.branch === branch),
  );
  const paths = new Set(listed.map(({ path }) => path));
  return {
    worktrees: await Promise.all(
      own.map(async (worktree) => ({ ...worktree, gitFolder: await gitFolderOf(worktree.path) })),
    ),
    branches: [...recorded].flatMap(([taskId, record]) => {
      const checkedOut = known.get(record.branch);
      return checkedOut === undefined ? [] : [{ taskId, ...record, isCheckedOut: checkedOut !== '' }];
    }),
    strangers: names.map((name) => join(directory, name)).filter((path) => !paths.has(path)),
    gitFolder: await realpath(resolve(checkout, common.trimEnd())),
  };
}

/** Git's own folder for the worktree at this path, as its link says; undefined where there is none. */
async function gitFolderOf(path: string): Promise<string | undefined> {
  const link = await readFile(join(path, '.git'), 'utf8').catch(() => '');
  const folder = /^gitdir: (.+)$/m.exec(link)?.[1];
  if (folder === undefined || !isAbsolute(folder)) return undefined;
  return basename(resolve(folder, '..')) === 'worktrees' ? folder : undefined;
}

/** The commit of a worktree that is in no branch and no tag, as after a detached HEAD; undefined when all is in one. */
export async function findStrayCommit(path: string): Promise<string | undefined> {
  const head = (await git(path, ['rev-parse', 'HEAD'])).trim();
  const holders = await git(path, ['for-each-ref', '--count=1', '--contains', head]);
  return holders.trim() === '' ? head : undefined;
}
