/** Writes a machine for use outside: its drawing, and a file that Stately Studio imports. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnyStateMachine } from 'xstate';
import { chartFile } from './chart-file.ts';
import { studioFile } from './studio-file.ts';

/**
 * Writes `<id>.svg` and `<id>.machine.ts` over what has these names in `folder`, which must be there.
 * @returns the paths written
 * @throws Error of the system call
 */
export async function exportMachine(machine: AnyStateMachine, folder: string): Promise<string[]> {
  const drawing = join(folder, `${machine.id}.svg`);
  const source = join(folder, `${machine.id}.machine.ts`);
  await writeFile(drawing, await readFile(chartFile(machine.id)));
  await writeFile(source, studioFile(machine));
  return [drawing, source];
}
