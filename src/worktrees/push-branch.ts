/** Pushes a task's branch: the remote is looked at first, and nothing but what this branch once was is ever replaced. */
import { commitOf } from './commit-of.ts';
import { git, tryGit } from './git.ts';
import type { Repository } from './repository.ts';
import { WorktreeError } from './worktree-error.ts';

/** How long the remote may take to say what it has, in ms. */
const ANSWER_MS = 30_000;
/** How long new commits may take to arrive, in ms. */
const PUSH_MS = 300_000;

/** A commit, and the branch it is to be the tip of, without `refs/heads/`. */
export interface BranchPush {
  readonly branch: string;
  readonly commit: string;
}

/**
 * Makes the remote's branch be at `commit`; 'present' where the remote has it already, there or below newer ones, and
 * 'merged' where `base`, a full ref, has it. The second time it does nothing, whatever became of the first.
 * @throws WorktreeError `remote-away` (may pass by itself), `remote-refused`, `branch-foreign`, `commit-missing`, `timeout`
 */
export async function pushBranch(
  repository: Repository,
  { branch, commit }: BranchPush,
  base: string,
): Promise<'pushed' | 'present' | 'merged'> {
  const { checkout, remote } = repository;
  if (!(await isHere(checkout, commit))) {
    const message = `The commit ${commit} of ${branch} is not in ${checkout} any more. Nothing can be pushed.`;
    throw new WorktreeError('commit-missing', message);
  }
  if ((await isHere(checkout, base)) && (await isAncestor(checkout, commit, base))) return 'merged';
  const ref = `refs/heads/${branch}`;
  const found = await tipAt(repository, ref);
  if (found === commit) return 'present';
  if (found !== undefined) {
    if (!(await isHere(checkout, found))) await fetchTip(repository, ref);
    if (await isAncestor(checkout, commit, found)) return 'present';
    if (!(await isAncestor(checkout, found, commit)) && !(await wasTipOf(checkout, ref, found)))
      throw foreign(remote, branch, found);
  }
  await push(repository, ref, commit, found);
  return 'pushed';
}

/** What the remote has there now; undefined for nothing. */
async function tipAt({ checkout, remote }: Repository, ref: string): Promise<string | undefined> {
  const asked = await askRemote(checkout, remote, ['ls-remote', '--refs', '--', remote, ref], ANSWER_MS);
  if (asked.exitCode !== 0) throw away(remote, asked.stderr);
  const lines = asked.stdout.split('\n').map((line) => line.split('\t'));
  return lines.find(([, name]) => name === ref)?.[0];
}

/** Brings what somebody else has pushed, to be looked at; no ref of ours moves. */
async function fetchTip({ checkout, remote }: Repository, ref: string): Promise<void> {
  const options = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--refmap='];
  const fetched = await askRemote(checkout, remote, ['fetch', ...options, '--', remote, ref], PUSH_MS);
  if (fetched.exitCode !== 0) throw away(remote, fetched.stderr);
}

/** Git itself compares once more, right before it writes: `expected` must still be what the remote has. */
async function push(
  { checkout, remote }: Repository,
  ref: string,
  commit: string,
  expected: string | undefined,
): Promise<void> {
  const lease = `--force-with-lease=${ref}:${expected ?? ''}`;
  const options = ['--porcelain', '--no-follow-tags', '--recurse-submodules=no', '--no-signed', lease];
  const args = ['push', ...options, '--', remote, `${commit}:${ref}`];
  const { exitCode, stdout, stderr } = await askRemote(checkout, remote, args, PUSH_MS);
  if (exitCode === 0) return;
  const refusal = /^!\t\S+\t(.*)$/m.exec(stdout)?.[1];
  // Somebody was faster: it is looked at anew.
  if (refusal === undefined || refusal.includes('stale info')) throw away(remote, refusal ?? stderr);
  const said = stderr.match(/^remote: .*$/gm)?.join(' ') ?? '';
  throw new WorktreeError('remote-refused', `${remote} refuses the push: ${refusal} ${said}`.trim());
}

async function isHere(checkout: string, name: string): Promise<boolean> {
  return (await commitOf(checkout, name)) !== undefined;
}

/** Of commits that are here; 1 is a no, any other code no answer. */
async function isAncestor(checkout: string, ancestor: string, commit: string): Promise<boolean> {
  const { exitCode, stderr } = await tryGit(checkout, ['merge-base', '--is-ancestor', ancestor, commit]);
  if (exitCode > 1) throw new WorktreeError('git-failed', `${commit} cannot be compared: ${stderr.trim()}`);
  return exitCode === 0;
}

/** Whether the branch itself once stood there, as before a rebase: then it may be replaced. */
async function wasTipOf(checkout: string, ref: string, commit: string): Promise<boolean> {
  if (!(await isHere(checkout, ref))) return false;
  const tips = await git(checkout, ['log', '--walk-reflogs', '--format=%H', ref, '--']);
  return tips.split('\n').includes(commit);
}

/** A network that does not answer is told like one that refuses the connection. */
async function askRemote(checkout: string, remote: string, args: string[], timeout: number) {
  const remotes = (await git(checkout, ['remote'])).split('\n');
  if (!remotes.includes(remote)) throw away(remote, `${checkout} has no remote of that name`);
  return await tryGit(checkout, args, { timeout });
}

function away(remote: string, said: string): WorktreeError {
  return new WorktreeError('remote-away', `${remote} cannot be pushed to now: ${said.trim()}`);
}

function foreign(remote: string, branch: string, tip: string): WorktreeError {
  const message = `${branch} at ${remote} holds ${tip.slice(0, 12)}, which is none of the task's own. Merge or delete it there.`;
  return new WorktreeError('branch-foreign', message);
}
