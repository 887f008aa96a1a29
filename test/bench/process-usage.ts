/** What a process costs, as Linux tells it in /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ: the unit of times in /proc/<pid>/stat. */
const ticksPerSecond = 100;

/** User plus system time used so far, in ms. */
export function cpuTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // Fields 14 and 15 of proc(5); the second, in parentheses, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerSecond;
}

/** In MiB; `pss` counts a page shared by n processes as 1/n, and is missing where it may not be read. */
export function memory(pid: number): { rss: number; pss: number | undefined } {
  const mebibytes = (text: string, field: string): number | undefined => {
    const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) / 1_024;
  };
  const rss = mebibytes(readFileSync(`/proc/${pid}/status`, 'utf8'), 'VmRSS') ?? Number.NaN;
  try {
    return { rss, pss: mebibytes(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'), 'Pss') };
  } catch {
    return { rss, pss: undefined };
  }
}

/** The process of this name whose command line names the folder. @throws Error when there is none */
export function findProcess(name: string, folder: string): number {
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const isNamed = readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === name;
      if (isNamed && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)) return Number(pid);
    } catch {
      // It ended while we looked.
    }
  }
  throw new Error(`there is no process ${name} for ${folder}`);
}
