/** Ending everything that carries a mark, also what is born while it is being ended. */
import { type EndOptions, endProcesses } from './end-processes.ts';
import { findMarkedProcesses } from './marked-processes.ts';
import type { ProcessEntry, ProcessIdentity } from './process-entry.ts';

export interface EndedProcesses {
  /** All that were found, in the order found. */
  readonly found: readonly ProcessEntry[];
  /** Those that could not be ended. */
  readonly survivors: readonly ProcessEntry[];
}

/** A process that forks faster than it is found is given up after so many looks. */
const looks = 50;

/**
 * Ends every process with `NAME=value` in its environment and all their descendants, and looks again until none is
 * left. The first found get `graceMs` to end by themselves; what appears later is killed at once.
 */
export async function endMarkedProcesses(
  name: string,
  value: string,
  options: EndOptions,
): Promise<EndedProcesses> {
  const found = new Map<string, ProcessEntry>();
  const survivors = new Map<string, ProcessEntry>();
  for (let look = 0; look < looks; look += 1) {
    const marked = await findMarkedProcesses(name, value);
    const processes = marked.filter((process) => !survivors.has(identify(process)));
    if (processes.length === 0) break;
    for (const process of processes) found.set(identify(process), process);
    const left = await endProcesses(processes, look === 0 ? options : { ...options, graceMs: 0 });
    for (const process of left) survivors.set(identify(process), process);
  }
  return { found: [...found.values()], survivors: [...survivors.values()] };
}

function identify({ pid, startTime }: ProcessIdentity): string {
  return `${pid} ${startTime}`;
}
