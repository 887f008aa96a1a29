/** When the latest backup of a state folder was made, and where it is, as far as the folder knows. */
import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { parseJson } from '../bus/parse-json.ts';
import type { StateFolder } from '../state-folder/state-folder.ts';

const LastBackup = z.object({ at: z.iso.datetime(), file: z.string() });
export type LastBackup = z.infer<typeof LastBackup>;

export async function noteBackup({ backupFile }: StateFolder, last: LastBackup): Promise<void> {
  await writeFile(backupFile, `${JSON.stringify(last)}\n`, { mode: 0o600 });
}

/** Undefined when none is known. */
export async function lastBackup({ backupFile }: StateFolder): Promise<LastBackup | undefined> {
  const data = await readFile(backupFile).catch(() => undefined);
  const parsed = LastBackup.safeParse(data && parseJson(data));
  return parsed.success ? parsed.data : undefined;
}
