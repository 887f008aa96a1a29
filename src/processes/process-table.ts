/** The process table of this machine as it is now, whatever the system. It only reads; ending is end-processes.ts. */
import * as linux from './linux-processes.ts';
import type { ProcessEntry, ProcessIdentity } from './process-entry.ts';
import * as ps from './ps-processes.ts';

const hasProc = process.platform === 'linux';

/** Every process, of every user. */
export async function listProcesses(): Promise<ProcessEntry[]> {
  return hasProc ? linux.listProcesses() : ps.listProcesses();
}

/** The process with this pid, or undefined if there is none. */
export async function readProcess(pid: number): Promise<ProcessEntry | undefined> {
  if (hasProc) return linux.readProcess(pid);
  return (await ps.listProcesses()).find((entry) => entry.pid === pid);
}

/** True as long as this very process runs: neither gone, nor defunct, nor another one with the same pid. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  const entry = await readProcess(identity.pid);
  return entry !== undefined && !entry.defunct && entry.startTime === identity.startTime;
}

/** Those of the given processes that still run, read in one go. */
export async function stillRunning<P extends ProcessIdentity>(processes: readonly P[]): Promise<P[]> {
  if (hasProc) {
    const running = await Promise.all(processes.map(isRunning));
    return processes.filter((_, index) => running[index]);
  }
  const table = new Map((await ps.listProcesses()).map((entry) => [entry.pid, entry]));
  return processes.filter(({ pid, startTime }) => {
    const entry = table.get(pid);
    return entry !== undefined && !entry.defunct && entry.startTime === startTime;
  });
}

/**
 * Pids whose environment held `NAME=value` when they started, our own process left out. `blank` are those that showed
 * none (see linux-processes.ts); give them as `among` to look at them again.
 */
export async function findMarkedPids(mark: string, among?: readonly number[]) {
  const found = hasProc ? linux.findMarkedPids(mark, among && [...among]) : await ps.findMarkedPids(mark);
  return { ...found, marked: found.marked.filter((pid) => pid !== process.pid) };
}

/** The marks `NAME=<prefix>…` that processes carry, by pid: whose they are, whatever their value. Our own is left out. */
export async function readMarks(name: string, prefix: string): Promise<Map<number, string>> {
  const marks = hasProc ? linux.readMarks(name, prefix) : await ps.readMarks(name, prefix);
  marks.delete(process.pid);
  return marks;
}

/** What a process runs. `argv[0]` is as its caller or the program itself has put it. */
export async function readCommand(pid: number): Promise<{ program: string; argv: string[] } | undefined> {
  return hasProc ? linux.readCommand(pid) : ps.readCommand(pid);
}

/** When the machine was booted, in ms since 1970; undefined where start times of processes do not count from there. */
export function readBootTime(): number | undefined {
  return hasProc ? linux.readBootTime() : undefined;
}
