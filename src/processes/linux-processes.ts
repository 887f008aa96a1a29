/**
 * Linux's process table, read from /proc. Everything here is synchronous: a file in /proc is answered by the
 * kernel at once (about 15 µs), a thread pool would only add to it.
 */
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { isNodeError } from './node-error.ts';
import type { ProcessEntry } from './process-entry.ts';

/** Shared by all reads, which are synchronous: a new one of this size for each file would cost more than the file. */
const buffer = Buffer.allocUnsafe(64 * 1024);

/** The kernel thread that all others are children of, in the first pid namespace. */
const kthreadd = 2;
/** PF_KTHREAD in a process's flags: include/linux/sched.h. */
const kernelThreadFlag = 0x00200000;

/** USER_HZ, the unit of times in /proc: 100 on every architecture Node runs on. */
const ticksPerSecond = 100;

/** The process with this pid, or undefined if there is none. */
export function readProcess(pid: number): ProcessEntry | undefined {
  const stat = readProcFile(`${pid}/stat`);
  return stat === undefined ? undefined : parseStat(pid, stat);
}

/**
 * Whether it is in the middle of execve(2), or about to be gone: the kernel says nowhere where its environment ends
 * (proc(5), /proc/pid/stat field 51), which it does also of an empty one.
 */
function isBetweenPrograms(pid: number): boolean {
  const stat = readProcFile(`${pid}/stat`);
  if (stat === undefined || parseStat(pid, stat).defunct) return false;
  const fields = statFields(stat);
  return fields[51 - 3] === '0' && (Number(fields[9 - 3]) & kernelThreadFlag) === 0;
}

/** Every process, of every user. */
export function listProcesses(): ProcessEntry[] {
  return listPids()
    .map(readProcess)
    .filter((entry) => entry !== undefined);
}

/**
 * The pids whose environment at their start held `NAME=value`. Only processes of our own user can be read. A process in
 * the middle of execve(2) shows an empty environment for a moment: who must miss none looks at the `blank` ones again.
 * Kernel threads, and who was started without a single variable, have none for good and are left out.
 */
export function findMarkedPids(mark: string, among = listUserPids()): { marked: number[]; blank: number[] } {
  const wanted = Buffer.from(`\0${mark}\0`).toString('latin1');
  const marked: number[] = [];
  const blank: number[] = [];
  for (const pid of among) {
    let environment = readProcFile(`${pid}/environ`);
    const isBlank = environment === '' && isBetweenPrograms(pid);
    // It may have come out of execve(2) between the two looks.
    if (environment === '' && !isBlank) environment = readProcFile(`${pid}/environ`);
    if (environment === undefined) continue;
    if (isBlank) blank.push(pid);
    else if (`\0${environment}\0`.includes(wanted)) marked.push(pid);
  }
  return { marked, blank };
}

/**
 * The value of an environment variable at the start of each process that has it and whose value begins with `prefix`.
 * Only processes of our own user can be read.
 */
export function readMarks(name: string, prefix: string): Map<number, string> {
  const values = new Map<number, string>();
  const wanted = Buffer.from(`\0${name}=${prefix}`).toString('latin1');
  for (const pid of listUserPids()) {
    const environment = `\0${readProcFile(`${pid}/environ`) ?? ''}\0`;
    const at = environment.indexOf(wanted);
    if (at === -1) continue;
    const start = at + name.length + 2;
    values.set(
      pid,
      Buffer.from(environment.slice(start, environment.indexOf('\0', start)), 'latin1').toString(),
    );
  }
  return values;
}

/** The program's file name as the kernel shows it (at most 15 bytes), and its arguments; undefined when it has ended. */
export function readCommand(pid: number): { program: string; argv: string[] } | undefined {
  const program = readProcFile(`${pid}/comm`);
  const line = readProcFile(`${pid}/cmdline`);
  if (program === undefined || line === undefined) return undefined;
  const text = (bytes: string) => Buffer.from(bytes, 'latin1').toString();
  return {
    program: text(program).trimEnd(),
    argv: line === '' ? [] : text(line).replace(/\0$/, '').split('\0'),
  };
}

/** When the machine was booted, as its clock says now: ms since 1970. */
export function readBootTime(): number | undefined {
  const seconds = /^btime (\d+)$/m.exec(readProcFile('stat') ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

/** All pids but those of kernel threads: half of them, and the attempt to read their environment costs most. */
function listUserPids(): number[] {
  const threads = new Set(listKernelThreads());
  return listPids().filter((pid) => !threads.has(pid));
}

/** Empty where the kernel does not list children (CONFIG_PROC_CHILDREN), and in a pid namespace, which has none. */
function listKernelThreads(): number[] {
  const stat = readProcFile(`${kthreadd}/stat`) ?? '';
  const isKernelThread = (Number(statFields(stat)[9 - 3]) & kernelThreadFlag) !== 0;
  const children = isKernelThread ? readProcFile(`${kthreadd}/task/${kthreadd}/children`) : undefined;
  return children === undefined ? [] : [kthreadd, ...children.trim().split(' ').map(Number)];
}

function listPids(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid));
}

/**
 * From the third field of proc(5) on. The second is the program's name in parentheses and may itself hold spaces and
 * parentheses.
 */
function statFields(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function parseStat(pid: number, stat: string): ProcessEntry {
  const fields = statFields(stat);
  const field = (number: number) => Number(fields[number - 3]);
  const state = fields[0] ?? '';
  return {
    pid,
    startTime: field(22),
    parent: field(4),
    session: field(6),
    defunct: state === 'Z' || state === 'X',
    cpuMs: ((field(14) + field(15)) * 1000) / ticksPerSecond,
  };
}

/** A file of a process, each byte a character; undefined if it has ended or is not ours to read. */
function readProcFile(name: string): string | undefined {
  try {
    return readShort(`/proc/${name}`) ?? readFileSync(`/proc/${name}`, 'latin1');
  } catch (error) {
    if (isNodeError(error) && ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(error.code)) return undefined;
    throw error;
  }
}

/** The whole file; undefined if it does not fit into the buffer. */
function readShort(path: string): string | undefined {
  const file = openSync(path, 'r');
  try {
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(file, buffer, length, buffer.length - length, null);
    }
    return length < buffer.length ? buffer.toString('latin1', 0, length) : undefined;
  } finally {
    closeSync(file);
  }
}
