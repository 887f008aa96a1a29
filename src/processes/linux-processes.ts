/**
 * Linux's process table, read from /proc. Everything here is synchronous: a file in /proc is answered by the
 * kernel at once (about 15 µs), a thread pool would only add to it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { isNodeError } from './node-error.ts';
import type { ProcessEntry } from './process-entry.ts';

/** USER_HZ, the unit of times in /proc: 100 on every architecture Node runs on. */
const ticksPerSecond = 100;

/** The process with this pid, or undefined if there is none. */
export function readProcess(pid: number): ProcessEntry | undefined {
  const stat = readProcFile(pid, 'stat')?.toString('latin1');
  return stat === undefined ? undefined : parseStat(pid, stat);
}

/** Every process, of every user. */
export function listProcesses(): ProcessEntry[] {
  return listPids()
    .map(readProcess)
    .filter((entry) => entry !== undefined);
}

/**
 * The pids whose environment at their start held `NAME=value`, and the pids that showed no environment at all. Only
 * processes of our own user can be read. A process in the middle of execve(2) shows an empty environment for a moment:
 * who must miss none looks at the `blank` ones again.
 */
export function findMarkedPids(mark: string, among = listPids()): { marked: number[]; blank: number[] } {
  const wanted = Buffer.from(`\0${mark}\0`);
  const marked: number[] = [];
  const blank: number[] = [];
  for (const pid of among) {
    const environment = readProcFile(pid, 'environ');
    if (environment === undefined) continue;
    if (environment.length === 0) blank.push(pid);
    else if (Buffer.concat([separator, environment, separator]).includes(wanted)) marked.push(pid);
  }
  return { marked, blank };
}

const separator = Buffer.alloc(1);

function listPids(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid));
}

/** The second field is the program's name in parentheses and may itself hold spaces and parentheses: proc(5). */
function parseStat(pid: number, stat: string): ProcessEntry {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // fields[0] is field 3 of proc(5)
  const field = (number: number) => Number(fields[number - 3]);
  const state = fields[0] ?? '';
  return {
    pid,
    startTime: field(22),
    parent: field(4),
    defunct: state === 'Z' || state === 'X',
    cpuMs: ((field(14) + field(15)) * 1000) / ticksPerSecond,
  };
}

/** A file of a process; undefined if it has ended or is not ours to read. */
function readProcFile(pid: number, name: 'stat' | 'environ'): Buffer | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`);
  } catch (error) {
    if (isNodeError(error) && ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(error.code)) return undefined;
    throw error;
  }
}
