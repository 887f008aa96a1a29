/** A disk of its own for the state folder, small enough to be filled: a tmpfs, which takes root. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { cp, rename, rmdir } from 'node:fs/promises';

const size = '160m';
const mounted = new Set<string>();

/** Whether the folder has a disk of its own. */
export const hasSmallDisk = (folder: string): boolean => mounted.has(folder);

/** Leaves the folder on the disk it is on where a mount is not allowed. */
export function mountSmallDisk(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', folder], {
      stdio: 'ignore',
    });
  } catch {
    return;
  }
  mounted.add(folder);
}

/** Takes it away, even from under processes that still have files open there. */
export function unmountSmallDisk(folder: string): void {
  if (mounted.delete(folder)) execFileSync('umount', ['--lazy', folder], { stdio: 'ignore' });
}

/** Takes it away and leaves what was on it in its place, to be looked at. */
export async function keepFromSmallDisk(folder: string): Promise<void> {
  if (!mounted.has(folder)) return;
  const copy = `${folder}.kept`;
  // Sockets are nothing to keep.
  await cp(folder, copy, { recursive: true, filter: (path) => !path.endsWith('.sock') }).catch(
    () => undefined,
  );
  unmountSmallDisk(folder);
  await rmdir(folder);
  await rename(copy, folder);
}

process.once('exit', () => {
  for (const folder of mounted) unmountSmallDisk(folder);
});
