/** One short text that stands for all a worktree holds, so that a watchdog can see whether anything moves. */
import { createHash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from './git.ts';

/** Beyond so many changed files the others count by name only: looking must stay cheap. */
const MOST_FILES = 5_000;

/**
 * Differs whenever HEAD, the index or a file that is not ignored differs: git's status, and time, size and inode of
 * each file in it. Reads no file's content and takes no lock.
 */
export async function fingerprint(worktreePath: string): Promise<string> {
  const args = ['status', '--porcelain=v2', '--branch', '--no-renames', '--untracked-files=all', '-z'];
  const status = await git(worktreePath, args);
  const paths = status.split('\0').flatMap(pathIn);
  const stamps = await Promise.all(
    paths.slice(0, MOST_FILES).map((path) => stampOf(join(worktreePath, path))),
  );
  return createHash('sha256').update(status).update(stamps.join('\0')).digest('base64url');
}

/** The path in one entry (git-status(1), "Porcelain Format Version 2"): after 8, 10 or 1 fields of the other kinds. */
function pathIn(entry: string): string[] {
  const path = /^(?:1(?: \S+){7}|u(?: \S+){9}|\?) (.*)$/s.exec(entry)?.[1];
  return path === undefined ? [] : [path];
}

async function stampOf(path: string): Promise<string> {
  try {
    const { mtimeNs, size, ino } = await lstat(path, { bigint: true });
    return `${mtimeNs} ${size} ${ino}`;
  } catch {
    // Deleted, or deleted this moment: the status above already says so, or the next one will.
    return 'absent';
  }
}
