/** The mark of a restore under way: a folder that carries it holds half a state, on which nothing may run. */
import { open, readFile, rename, rm } from 'node:fs/promises';
import { z } from 'zod';
import type { StateFolder } from '../state-folder/state-folder.ts';
import { BackupError } from './backup-error.ts';

const Marker = z.object({
  /** The backup that was being restored. */
  file: z.string(),
  at: z.string(),
});

/** There as a whole when it resolves: before anything that is restored. */
export async function markRestore({ restoreFile }: StateFolder, file: string): Promise<void> {
  const draft = `${restoreFile}.draft`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify({ file, at: new Date().toISOString() })}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, restoreFile);
}

export async function unmarkRestore({ restoreFile }: StateFolder): Promise<void> {
  await rm(restoreFile, { force: true });
}

/** The backup whose restore has not come to its end here; undefined when there is none. */
export async function incompleteRestore({ restoreFile }: StateFolder): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(restoreFile, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  // Damaged, it says as much as when it is whole.
  const marker = Marker.safeParse(safeJson(text));
  return marker.success ? marker.data.file : 'FILE';
}

/** @throws BackupError `restore-incomplete` */
export async function refuseIncompleteRestore(state: StateFolder): Promise<void> {
  const file = await incompleteRestore(state);
  if (file === undefined) return;
  throw new BackupError(
    'restore-incomplete',
    `${state.root} holds half a state: a restore was begun here and did not come to its end. Run \`orchestra restore ${file}\` again.`,
  );
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
