/** The lock on a worktree: a locked one survives `git worktree prune`, which people run. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from './git.ts';

/** Git's own reason while it is still checking out files. */
export const halfMade = 'initializing';

const reason = 'an orchestra task works here';

/** Whether a lock with this reason is ours. */
export const isOurReason = (lockReason: string | undefined): boolean => lockReason === reason;

/** Locks a worktree that is not locked. */
export async function lockWorktree(checkout: string, path: string): Promise<void> {
  await git(checkout, ['worktree', 'lock', '--reason', reason, '--', path]);
}

/** Unlocks one that is. */
export async function unlockWorktree(checkout: string, path: string): Promise<void> {
  await git(checkout, ['worktree', 'unlock', '--', path]);
}

/**
 * Whether the worktree at this path is whole and locked by us, read from git's own files (gitrepository-layout(5)): for
 * where a git process would cost too much. When in doubt false; git itself then says more.
 */
export async function hasOurLock(path: string): Promise<boolean> {
  const link = join(path, '.git');
  try {
    const folder = /^gitdir: (.+)$/m.exec(await readFile(link, 'utf8'))?.[1] ?? '';
    // Git knows a worktree by the way back: a copy has none.
    if ((await readFile(join(folder, 'gitdir'), 'utf8')).trimEnd() !== link) return false;
    return (await readFile(join(folder, 'locked'), 'utf8')).trimEnd() === reason;
  } catch {
    return false;
  }
}
