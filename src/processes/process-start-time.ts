/** The second half of a process's name: with it a remembered pid is told from a later process that got the same one. */
import type { ProcessIdentity } from './process-entry.ts';
import { readBootTime, readProcess } from './process-table.ts';

/** When the process started (unit: see ProcessIdentity), or undefined if it does not run any more. */
export async function processStartTime(pid: number): Promise<number | undefined> {
  const entry = await readProcess(pid);
  return entry === undefined || entry.defunct ? undefined : entry.startTime;
}

/**
 * The same on the wall clock, in ms since 1970, to within a second. It moves with that clock when it is set.
 */
export function startedAt({ startTime }: ProcessIdentity): number {
  const bootedAt = readBootTime();
  // Elsewhere it is on that clock already.
  return bootedAt === undefined ? startTime : bootedAt + startTime * 10;
}
