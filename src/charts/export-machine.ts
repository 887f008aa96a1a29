/** Writes a machine for use outside: its drawing, and a file that Stately Studio imports. */
import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnyStateMachine } from 'xstate';
import { chartFile } from './chart-file.ts';
import { studioFile } from './studio-file.ts';

/**
 * Writes `<id>.svg` and `<id>.machine.ts` in place of what has these names in `folder`, which must be there. A link of
 * such a name is replaced itself: what it leads to stays as it is.
 * @returns the paths written
 * @throws Error of the system call
 */
export async function exportMachine(machine: AnyStateMachine, folder: string): Promise<string[]> {
  const drawing = join(folder, `${machine.id}.svg`);
  const source = join(folder, `${machine.id}.machine.ts`);
  await replaceFile(drawing, await readFile(chartFile(machine.id)));
  await replaceFile(source, studioFile(machine));
  return [drawing, source];
}

/** At once and whole: whoever reads sees the old file or the new one. */
async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  const draft = `${file}.${randomUUID()}.draft`;
  try {
    await writeFile(draft, content, { flag: 'wx' });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
