/** One daemon for one state folder: a lock file that names its holder and that a dead holder cannot keep. */
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
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
    while (!(await linked(draft, lockFile))) await removeStale(folder, lockFile);
  } finally {
    await rm(draft, { force: true });
  }
  return () => rm(lockFile, { force: true });
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

async function removeStale(folder: string, lockFile: string): Promise<void> {
  const found = await contentOf(lockFile);
  const [pid = 0, started = 0] = found.trim().split(' ').map(Number);
  if (pid > 0 && (await processStartTime(pid)) === started) throw new FolderLockedError(folder, pid);
  // Moved aside and looked at again: another daemon may have replaced the stale lock meanwhile.
  const aside = `${lockFile}.stale.${process.pid}`;
  await rename(lockFile, aside).catch(ignoreMissing);
  const moved = await contentOf(aside);
  if (moved !== '' && moved !== found) await linked(aside, lockFile);
  await rm(aside, { force: true });
}

const contentOf = async (file: string): Promise<string> =>
  (await readFile(file, 'utf8').catch(ignoreMissing)) ?? '';

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
