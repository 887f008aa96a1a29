/** Keeps the daemon's log from filling the disk: past a size it is moved aside, and the oldest is thrown away. */
import { rename, rm, stat } from 'node:fs/promises';

export interface RotationOptions {
  file: string;
  /** Bytes after which the file is moved aside. */
  size: number;
  /** How many old files are kept. */
  keep: number;
  /** Makes the writer open `file` anew. */
  reopen(): void;
}

/** Looks once; returns whether the file was moved to `<file>.1`, the former `.1` to `.2`, and so on. */
export async function rotate({ file, size, keep, reopen }: RotationOptions): Promise<boolean> {
  const found = await stat(file).catch(ignoreMissing);
  if (!found || found.size < size) return false;
  await rm(`${file}.${keep}`, { force: true });
  for (let age = keep - 1; age >= 1; age -= 1) {
    await rename(`${file}.${age}`, `${file}.${age + 1}`).catch(ignoreMissing);
  }
  await rename(file, `${file}.1`);
  reopen();
  return true;
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
