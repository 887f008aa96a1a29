/** What of the agents' work is in git: their branches, and what they have not committed, as one bundle; nothing of it is touched. */
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { commitOf } from '../worktrees/commit-of.ts';
import { git, SLOW_GIT_MS, tryGit } from '../worktrees/git.ts';
import { exists } from '../worktrees/list-worktrees.ts';
import { TaskBranches } from '../worktrees/task-branches.ts';
import { WorktreeError } from '../worktrees/worktree-error.ts';
import type { BranchEntry, GitEntry } from './manifest.ts';

export interface GitSource {
  /** Any folder of the repository. */
  repository: string;
  /** The folder of the tasks' worktrees. */
  worktrees: string;
  /** A folder for what is needed for a moment. */
  temporary: string;
}

/** Where commits stand that a bundle is made of; it takes refs only. */
const namespace = 'refs/orchestra/backup';

/** Git has to be told who commits; nobody has. */
const identity = {
  GIT_AUTHOR_NAME: 'orchestra',
  GIT_AUTHOR_EMAIL: 'orchestra@localhost',
  GIT_COMMITTER_NAME: 'orchestra',
  GIT_COMMITTER_EMAIL: 'orchestra@localhost',
};

/**
 * Writes the commits that no remote has to `<temporary>/work.bundle`; resolves with that file, or with none where every
 * commit is elsewhere too. @throws WorktreeError
 */
export async function bundleWork(source: GitSource): Promise<{ git: GitEntry; file: string | undefined }> {
  const { repository } = source;
  const remote = (await git(repository, ['remote'])).trim() !== '';
  const branches: BranchEntry[] = [];
  for (const [task, { branch, base }] of await new TaskBranches(repository).all()) {
    const commit = await commitOf(repository, `refs/heads/${branch}`);
    if (commit === undefined) continue;
    const folder = join(source.worktrees, task);
    const worktree = await exists(join(folder, '.git'));
    const found = worktree ? await takeUncommitted(folder, source.temporary) : nothing;
    branches.push({ task, branch, base, commit, worktree, ...found });
  }
  const file = await bundle(source, branches, remote);
  return { git: { bundle: null, remote, branches }, file };
}

type Uncommitted = Pick<BranchEntry, 'uncommitted' | 'notTaken'>;

const nothing: Uncommitted = { uncommitted: null, notTaken: null };

/** Git gives up when a file vanishes while it looks, as it does under an agent at work. */
const mostTries = 5;

/** One worktree of which git cannot make a commit does not keep the others out of the backup. */
async function takeUncommitted(folder: string, temporary: string): Promise<Uncommitted> {
  for (let tries = 1; ; tries += 1) {
    try {
      return { ...nothing, uncommitted: await commitUncommitted(folder, temporary) };
    } catch (error) {
      if (!(error instanceof WorktreeError) || error.code !== 'git-failed') throw error;
      if (tries === mostTries) return { ...nothing, notTaken: error.message };
    }
  }
}

/**
 * Everything in a worktree that git does not ignore, as a commit upon what is checked out: made with an index of its own, so
 * that neither the files nor what the agent has staged is touched. Null when there is nothing uncommitted.
 */
async function commitUncommitted(folder: string, temporary: string): Promise<string | null> {
  const index = join(temporary, 'index');
  const own = (await git(folder, ['rev-parse', '--git-path', 'index'])).trim();
  // With what git knows of the files it need not read those again that have not changed.
  await copyFile(join(folder, own), index).catch(() => copyFile(own, index).catch(() => undefined));
  const env = { GIT_INDEX_FILE: index };
  try {
    await git(folder, ['add', '--all', '--', '.'], { env, timeout: SLOW_GIT_MS });
    const tree = (await git(folder, ['write-tree'], { env })).trim();
    if (tree === (await git(folder, ['rev-parse', 'HEAD^{tree}'])).trim()) return null;
    const args = ['commit-tree', tree, '-p', 'HEAD', '-m', 'Not committed when the backup was made'];
    return (await git(folder, args, { env: identity })).trim();
  } finally {
    await rm(index, { force: true });
  }
}

async function bundle(
  { repository, temporary }: GitSource,
  branches: readonly BranchEntry[],
  remote: boolean,
): Promise<string | undefined> {
  const file = join(temporary, 'work.bundle');
  const made: string[] = [];
  try {
    for (const { task, uncommitted } of branches) {
      if (uncommitted === null) continue;
      const ref = `${namespace}/${task}`;
      await git(repository, ['update-ref', ref, uncommitted]);
      made.push(ref);
    }
    const refs = [...branches.map(({ branch }) => `refs/heads/${branch}`), ...made];
    // Without a remote the backup holds the repository's own branch too: nobody else has it.
    const wanted = remote ? [...refs, '--not', '--remotes'] : ['HEAD', ...refs];
    const { stdout } = await tryGit(repository, ['rev-list', '--max-count=1', ...wanted, '--']);
    if (stdout.trim() === '') return undefined;
    await git(repository, ['bundle', 'create', '--quiet', file, ...wanted], { timeout: SLOW_GIT_MS });
    return file;
  } finally {
    for (const ref of made) await tryGit(repository, ['update-ref', '-d', ref]);
  }
}
