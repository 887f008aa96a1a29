/** Finds the branch that tasks start from, as new as the remote has it; a remote out of reach stops nobody. */
import { git, tryGit } from './git.ts';
import type { Repository } from './repository.ts';
import { WorktreeError } from './worktree-error.ts';

/** How long a remote may take to say which branch is its default one. */
const ANSWER_MS = 30_000;
/** How long new commits may take to arrive; other tasks wait meanwhile. */
const FETCH_MS = 300_000;

/** Where a task's branch starts. */
export interface Base {
  /** A full ref name, or a commit where the repository's HEAD is on no branch. */
  readonly ref: string;
  /** Why the remote could not be asked; the base is then what it was at the last fetch. */
  readonly fetchProblem?: string;
}

/** With a remote, its default branch (or `baseBranch`) after a fetch; else the branch that the repository is on. */
export async function findBase(repository: Repository): Promise<Base> {
  const { checkout, remote, baseBranch } = repository;
  const remotes = (await git(checkout, ['remote'])).split('\n');
  if (!remotes.includes(remote)) return { ref: await localBase(checkout, baseBranch) };
  const asked = baseBranch === undefined ? await askDefaultBranch(checkout, remote) : { branch: baseBranch };
  const branch = asked.branch ?? (await lastKnownDefaultBranch(checkout, remote));
  const ref = `refs/remotes/${remote}/${branch}`;
  // A remote that has just failed to answer would only fail again, after as long a wait.
  const fetchProblem = asked.problem ?? (branch === undefined ? undefined : await fetchBase(repository, ref));
  const isFetched = branch !== undefined && fetchProblem === undefined;
  const hasRemoteBranch = isFetched || (branch !== undefined && (await refExists(checkout, ref)));
  return {
    ref: hasRemoteBranch ? ref : await localBase(checkout, baseBranch),
    ...(fetchProblem !== undefined && { fetchProblem }),
  };
}

/** Brings a remote branch up to date. Git's words where that fails; undefined for success and for local branches. */
export async function fetchBase({ checkout, remote }: Repository, ref: string): Promise<string | undefined> {
  const prefix = `refs/remotes/${remote}/`;
  if (!ref.startsWith(prefix)) return undefined;
  const refspec = `+refs/heads/${ref.slice(prefix.length)}:${ref}`;
  const options = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'];
  const { exitCode, stderr } = await askRemote(
    checkout,
    ['fetch', ...options, '--', remote, refspec],
    FETCH_MS,
  );
  return exitCode === 0 ? undefined : stderr.trim();
}

/** Whether the ref names a commit. */
export async function refExists(checkout: string, ref: string): Promise<boolean> {
  const result = await tryGit(checkout, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
  return result.exitCode === 0;
}

/** `refs/remotes/origin/main` as people say it: `origin/main`. */
export function shortRef(ref: string): string {
  return ref.replace(/^refs\/(?:heads|remotes)\//, '');
}

async function askDefaultBranch(
  checkout: string,
  remote: string,
): Promise<{ branch?: string; problem?: string }> {
  const args = ['ls-remote', '--symref', '--', remote, 'HEAD'];
  const { exitCode, stdout, stderr } = await askRemote(checkout, args, ANSWER_MS);
  if (exitCode !== 0) return { problem: stderr.trim() };
  const branch = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(stdout)?.[1];
  return branch === undefined ? {} : { branch };
}

async function lastKnownDefaultBranch(checkout: string, remote: string): Promise<string | undefined> {
  const known = await tryGit(checkout, ['symbolic-ref', '--quiet', '--short', `refs/remotes/${remote}/HEAD`]);
  if (known.exitCode === 0) return known.stdout.trim().slice(remote.length + 1);
  for (const usual of ['main', 'master']) {
    if (await refExists(checkout, `refs/remotes/${remote}/${usual}`)) return usual;
  }
  return undefined;
}

async function localBase(checkout: string, baseBranch: string | undefined): Promise<string> {
  if (baseBranch !== undefined) {
    const ref = `refs/heads/${baseBranch}`;
    if (await refExists(checkout, ref)) return ref;
    throw new WorktreeError(
      'base-missing',
      `There is no branch ${baseBranch}. Correct the base branch, or create it.`,
    );
  }
  const head = await tryGit(checkout, ['rev-parse', 'HEAD', '--symbolic-full-name', 'HEAD']);
  if (head.exitCode !== 0) {
    throw new WorktreeError('no-commits', `${checkout} has no commits to start from. Make a first commit.`);
  }
  // The commit, and the branch; on no branch just `HEAD` again.
  const [commit = '', branch = ''] = head.stdout.split('\n');
  return branch === 'HEAD' ? commit : branch;
}

/** A network that does not answer is told like one that refuses. */
async function askRemote(checkout: string, args: string[], timeout: number) {
  try {
    return await tryGit(checkout, args, { timeout });
  } catch (error) {
    if (error instanceof WorktreeError && error.code === 'timeout') {
      return { exitCode: 1, stdout: '', stderr: error.message };
    }
    throw error;
  }
}
