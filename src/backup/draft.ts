/** What a backup writes before its file is whole: named after the file and the process, so that the next one can tell what is left over. */
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { processStartTime } from '../processes/process-start-time.ts';

/** `what` ends the name: several drafts of one process stand beside each other. */
export const draftOf = (file: string, what: string): string => `${file}.${process.pid}.${what}`;

/** Removes the drafts for the same file of processes that are gone. */
export async function removeStaleDrafts(file: string): Promise<void> {
  const folder = dirname(file);
  const beginning = `${basename(file)}.`;
  for (const name of await readdir(folder).catch(() => [])) {
    const [, pid] = name.startsWith(beginning) ? (draft.exec(name.slice(beginning.length)) ?? []) : [];
    if (pid === undefined || (await processStartTime(Number(pid))) !== undefined) continue;
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

const draft = /^(\d+)\.(?:partial|git-.{6})$/u;
