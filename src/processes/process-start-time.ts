/** The second half of a process's name: with it a remembered pid is told from a later process that got the same one. */
import { readProcess } from './process-table.ts';

/** When the process started (unit: see ProcessIdentity), or undefined if it does not run any more. */
export async function processStartTime(pid: number): Promise<number | undefined> {
  const entry = await readProcess(pid);
  return entry === undefined || entry.defunct ? undefined : entry.startTime;
}
