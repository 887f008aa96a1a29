/** Locks that a killed git has left in a task's worktree: with them there every later `git add` and `commit` fails. */
import { readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';

/** Where nobody can be asked for a living git, a lock of this age is taken for left behind, in ms. */
const oldAge = 60_000;

/**
 * Takes the locks of index, HEAD and branch away, unless a git is at work in the worktree now. A missing or broken
 * worktree has none.
 *
 * @param branch that is checked out, without `refs/heads/`
 * @returns their paths
 */
export async function removeStaleLocks(worktree: string, branch: string): Promise<string[]> {
  const locks = await findLocks(worktree, branch);
  if (locks.length === 0 || (await isGitAtWork(worktree, locks))) return [];
  for (const lock of locks) await rm(lock, { force: true });
  return locks;
}

/** Locks of index, HEAD and branch; none where there is no worktree, or none that git could read. */
export async function findLocks(worktree: string, branch: string): Promise<string[]> {
  try {
    const link = await readFile(join(worktree, '.git'), 'utf8');
    const folder = /^gitdir: (.+)$/m.exec(link)?.[1];
    if (folder === undefined) return [];
    const common = resolve(folder, (await readFile(join(folder, 'commondir'), 'utf8')).trimEnd());
    const own = (await readdir(folder)).filter((name) => name.endsWith('.lock'));
    const ofBranch = join(common, 'refs', 'heads', `${branch}.lock`);
    return [...own.map((name) => join(folder, name)), ...((await isThere(ofBranch)) ? [ofBranch] : [])];
  } catch {
    // No worktree, or none that git could read: `git worktree` itself says more.
    return [];
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** A git that runs a hook has its lock closed, so its folder tells, not its open files. */
async function isGitAtWork(worktree: string, locks: readonly string[]): Promise<boolean> {
  const pids = await readdir('/proc').catch(() => undefined);
  if (pids === undefined) {
    const ages = await Promise.all(locks.map(async (lock) => Date.now() - (await stat(lock)).mtimeMs));
    return ages.some((age) => age < oldAge);
  }
  for (const pid of pids.filter((name) => /^\d+$/.test(name))) {
    const [name, folder] = await Promise.all([
      readFile(`/proc/${pid}/comm`, 'utf8').catch(() => ''),
      readlink(`/proc/${pid}/cwd`).catch(() => ''),
    ]);
    if (name.startsWith('git') && `${folder}${sep}`.startsWith(`${worktree}${sep}`)) return true;
  }
  return false;
}
