/** How much work processes have done: evidence for a watchdog, never proof of life. */
import { readProcess } from './process-table.ts';

/** User plus system time of the given processes together, in ms; ended ones count nothing. */
export async function readCpuTime(pids: readonly number[]): Promise<number> {
  const entries = await Promise.all(pids.map(readProcess));
  return entries.reduce((total, entry) => total + (entry?.cpuMs ?? 0), 0);
}
