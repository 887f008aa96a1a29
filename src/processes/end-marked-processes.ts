/** Ending everything that carries a mark, also what is born while it is being ended. */
import type { ControlGroup } from './control-group.ts';
import { type EndOptions, endProcesses } from './end-processes.ts';
import { findMarkedProcesses } from './marked-processes.ts';
import type { ProcessEntry, ProcessIdentity } from './process-entry.ts';
import { readProcess } from './process-table.ts';

export interface EndMarkedOptions extends EndOptions {
  /** Where the marked ones were started, if the system allows such groups: it holds also who has lost the mark. */
  readonly group?: ControlGroup | undefined;
  /** Asked before each further look: whether the marked ones may live after all, as when their agent has come back. */
  readonly unless?: () => boolean;
}

export interface EndedProcesses {
  /** All that were found, in the order found. */
  readonly found: readonly ProcessEntry[];
  /** Those that could not be ended. */
  readonly survivors: readonly ProcessEntry[];
}

/** A process that forks faster than it is found is given up after so many looks. */
const looks = 50;

/**
 * Ends every process with `NAME=value` in its environment, all that they have started and all in their control group,
 * and looks again until none is left. The first found get `graceMs` to end by themselves; what appears later is killed at
 * once, a group by one order to the kernel, which no fork escapes.
 */
export async function endMarkedProcesses(
  name: string,
  value: string,
  { group, unless, ...options }: EndMarkedOptions,
): Promise<EndedProcesses> {
  const found = new Map<string, ProcessEntry>();
  const survivors = new Map<string, ProcessEntry>();
  let { graceMs } = options;
  for (let look = 0; look < looks; look += 1) {
    const seen = new Map<string, ProcessEntry>();
    for (const process of [...(await findMarkedProcesses(name, value)), ...(await membersOf(group))])
      if (!survivors.has(identify(process))) seen.set(identify(process), process);
    if (seen.size === 0 || unless?.()) break;
    for (const [identity, process] of seen) found.set(identity, process);
    if (graceMs === 0) group?.kill();
    const left = await endProcesses([...seen.values()], { ...options, graceMs });
    for (const process of left) survivors.set(identify(process), process);
    graceMs = 0;
  }
  return { found: [...found.values()], survivors: [...survivors.values()] };
}

async function membersOf(group: ControlGroup | undefined): Promise<ProcessEntry[]> {
  if (group === undefined) return [];
  const entries = await Promise.all(group.pids().map(readProcess));
  return entries.filter((entry) => entry !== undefined).filter(({ defunct }) => !defunct);
}

function identify({ pid, startTime }: ProcessIdentity): string {
  return `${pid} ${startTime}`;
}
