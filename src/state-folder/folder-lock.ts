/** One daemon for one state folder: a lock file that names its holder and that a dead holder cannot keep. */
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { processStartTime } from '../processes/process-start-time.ts';

export class FolderLockedError extends Error {
  override readonly name = 'FolderLockedError';
  readonly code = 'locked';
  readonly pid: number;
  constructor(folder: string, pid: number) {
    super(
      `An orchestra already runs on ${folder} (pid ${pid}). See it with \`orchestra status\`, end it with \`orchestra down\`.`,
    );
    this.pid = pid;
  }
}

/**
 * Takes the lock and returns what gives it back. A lock whose process is gone, or whose pid now belongs to a process that
 * started at another time, is taken over.
 * @throws FolderLockedError while another daemon lives.
 */
export async function lockFolder(folder: string, lockFile: string): Promise<() => Promise<void>> {
  const draft = `${lockFile}.${process.pid}`;
  await writeFile(draft, `${process.pid} ${(await processStartTime(process.pid)) ?? 0}\n`, { mode: 0o600 });
  try {
    // A link appears with its content at once and fails when the name is taken, unlike open and write.
    while (!(await linked(draft, lockFile))) await removeStale(folder, lockFile, draft);
  } finally {
    await rm(draft, { force: true });
  }
  return () => rm(lockFile, { force: true });
}

/** The pid of the daemon that holds the folder, also while it starts and ends; undefined when none does. */
export async function folderHolder(lockFile: string): Promise<number | undefined> {
  return (await holderOf(lockFile)).pid;
}

async function linked(draft: string, lockFile: string): Promise<boolean> {
  try {
    await link(draft, lockFile);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

/**
 * Removes a lock whose holder is dead, under a second lock: two that found the same dead holder at once must not take
 * away each other's new lock.
 */
async function removeStale(folder: string, lockFile: string, draft: string): Promise<void> {
  const holder = await holderOf(lockFile);
  if (holder.pid !== undefined) throw new FolderLockedError(folder, holder.pid);
  const removal = `${lockFile}.removal`;
  if (!(await linked(draft, removal))) {
    if ((await holderOf(removal)).isStale) await rm(removal, { force: true });
    return;
  }
  try {
    if ((await holderOf(lockFile)).isStale) await rm(lockFile, { force: true });
  } finally {
    await rm(removal, { force: true });
  }
}

/** The process that holds a lock, while it lives; a lock that is there without one is stale. */
async function holderOf(lockFile: string): Promise<{ pid?: number; isStale: boolean }> {
  const content = await readFile(lockFile, 'utf8').catch(ignoreMissing);
  if (content === undefined) return { isStale: false };
  const [pid = 0, started = 0] = content.trim().split(' ').map(Number);
  const isAlive = pid > 0 && (await processStartTime(pid)) === started;
  return isAlive ? { pid, isStale: false } : { isStale: true };
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
