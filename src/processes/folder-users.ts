/** Who works in a folder at this moment, as far as the system tells: by working folder and by open files. */
import { readdirSync, readlinkSync } from 'node:fs';
import { sep } from 'node:path';
import { isNodeError } from './node-error.ts';
import type { ProcessEntry } from './process-entry.ts';
import { listProcesses } from './process-table.ts';

/**
 * The processes whose working folder is one of these or below, or that have a file there open. Undefined where that cannot
 * be told: without /proc. Of other users' processes it can only be told by root.
 */
export async function findFolderUsers(folders: readonly string[]): Promise<ProcessEntry[] | undefined> {
  if (process.platform !== 'linux') return undefined;
  const isWithin = (path: string | undefined) =>
    path !== undefined && folders.some((folder) => path === folder || path.startsWith(folder + sep));
  const table = await listProcesses();
  return table.filter(({ pid, defunct }) => {
    if (defunct || pid === process.pid) return false;
    return isWithin(readLink(`/proc/${pid}/cwd`)) || openFiles(pid).some(isWithin);
  });
}

function openFiles(pid: number): (string | undefined)[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).map((file) => readLink(`${folder}/${file}`));
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Ended meanwhile, a kernel thread, or not ours to read. */
const isGone = (error: unknown): boolean =>
  isNodeError(error) && ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(error.code);
