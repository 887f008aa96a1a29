/** Makes one private folder with those above it, and finds out whether it can be written to. */
import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Does no harm to a folder that is there. Not Node's `recursive`: that one never ends where the folder above is there and
 * takes no new ones, as in /proc (nodejs/node 20).
 * @throws Error of the system call, also when a file is in the way or the folder is not ours to write to
 */
export async function makeFolder(folder: string): Promise<void> {
  if (!(await made(folder))) {
    await makeFolder(dirname(folder));
    await mkdir(folder, { mode: 0o700 }).catch(ignoreExisting);
  }
  if (!(await stat(folder)).isDirectory()) throw new Error(`${folder} is no folder`);
  await access(folder, constants.W_OK | constants.X_OK);
}

/** False when there is no folder above it yet. */
async function made(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && dirname(folder) !== folder) return false;
    ignoreExisting(error as NodeJS.ErrnoException);
  }
  return true;
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
