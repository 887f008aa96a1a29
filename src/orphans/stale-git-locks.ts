/** Lock files that a git which was killed has left in our worktrees, where they make every later commit fail. */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { findFolderUsers } from '../processes/folder-users.ts';
import { isNodeError } from '../processes/node-error.ts';
import { startedAt } from '../processes/process-start-time.ts';
import { readCommand } from '../processes/process-table.ts';
import { quoteForShell } from '../tmux/quoting.ts';
import type { Inventory, OwnWorktree } from '../worktrees/inventory.ts';
import { findLocks } from '../worktrees/stale-locks.ts';
import { type FoundOrphan, kept } from './orphan.ts';

/** How far apart the two clocks may be that a file's and a process's time are from, in ms. */
const slack = 2_000;

/** Locks of the repository itself may be a person's: they are named, but only after so long, in ms. */
const patience = 60 * 60_000;

/**
 * A lock of one of our worktrees is stale when no git runs there and everybody who works there was started after it was
 * made: its owner is no more. One whose owner may live, as an agent that was there before it, is kept; so are the repository's own.
 */
export async function findStaleGitLocks({ worktrees, gitFolder }: Inventory): Promise<FoundOrphan[]> {
  const ours = await Promise.all(worktrees.map(locksOf));
  const common = await Promise.all(
    ['config.lock', 'packed-refs.lock'].map((name) => judgeCommon(join(gitFolder, name))),
  );
  return [...ours.flat(), ...common.filter((orphan) => orphan !== undefined)];
}

async function locksOf({ path, branch = '', gitFolder }: OwnWorktree): Promise<FoundOrphan[]> {
  if (gitFolder === undefined) return [];
  const files = await findLocks(path, branch);
  const found = await Promise.all(files.map((file) => judge(file, [path, gitFolder])));
  return found.filter((orphan) => orphan !== undefined);
}

async function judge(file: string, folders: readonly string[]): Promise<FoundOrphan | undefined> {
  const stamp = await stampOf(file);
  if (stamp === undefined) return undefined;
  const why = `a lock that git has left in ${folders[0]}`;
  const isStale = async () => {
    const users = await findFolderUsers(folders);
    if (users === undefined) return false;
    const programs = await Promise.all(users.map(({ pid }) => readCommand(pid)));
    // Not by the clock, which may have been set since.
    if (programs.some((command) => command !== undefined && /^git(?:-|$)/.test(command.program)))
      return false;
    return users.every((user) => startedAt(user) > stamp.mtimeMs + slack);
  };
  if (!(await isStale())) {
    // A git at work is no orphan; only one that stays is worth a word.
    if (Date.now() - stamp.mtimeMs < patience) return undefined;
    return kept('git-lock', file, why, adviceOn(file), stamp.identity);
  }
  return {
    orphan: { kind: 'git-lock', id: file, why, remedy: 'removed' },
    identity: `git-lock ${stamp.identity}`,
    async clean() {
      const now = await stampOf(file);
      if (now === undefined) return undefined;
      if (now.identity !== stamp.identity || !(await isStale())) return { why: 'somebody works there' };
      await rm(file, { force: true });
      return undefined;
    },
  };
}

async function judgeCommon(file: string): Promise<FoundOrphan | undefined> {
  const stamp = await stampOf(file);
  if (stamp === undefined || Date.now() - stamp.mtimeMs < patience) return undefined;
  return kept(
    'git-lock',
    file,
    'a lock of the repository itself, older than an hour',
    adviceOn(file),
    stamp.identity,
  );
}

const adviceOn = (file: string): string =>
  `when no git runs in the repository, remove it with \`rm ${quoteForShell(file)}\``;

async function stampOf(file: string): Promise<{ mtimeMs: number; identity: string } | undefined> {
  try {
    const { ino, mtimeMs } = await stat(file);
    return { mtimeMs, identity: `${file} ${ino} ${mtimeMs}` };
  } catch (error) {
    if (isNodeError(error) && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
