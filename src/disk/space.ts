/** How much room the disk of a folder has; looks, and changes nothing. */
import { statfs } from 'node:fs/promises';

/** In bytes. */
export interface Space {
  /** For users without privileges. */
  free: number;
  total: number;
}

/** @throws Error of the system call */
export async function lookAtSpace(folder: string): Promise<Space> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { free: bavail * bsize, total: blocks * bsize };
}

/** Whether a system call failed because the disk, or this user's share of it, is full. */
export function isFullDisk(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if ('code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT')) return true;
  return false;
}
