/**
 * The process table by ps(1), for systems without /proc (macOS). Best effort: `ps -E` shows the environments of our own
 * processes only, joined by spaces, so a mark's value must hold none.
 */
import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import type { ProcessEntry } from './process-entry.ts';

const run = promisify(execFile);

/** Every process, of every user. */
export async function listProcesses(): Promise<ProcessEntry[]> {
  const table = await ps(['-A', '-o', 'pid=,ppid=,stat=,time=,lstart=']);
  return table.map(parseRow).filter((entry) => entry !== undefined);
}

/** The pids whose environment holds `NAME=value`. */
export async function findMarkedPids(mark: string): Promise<{ marked: number[]; blank: number[] }> {
  const table = await ps(['-A', '-E', '-ww', '-o', 'pid=,command=']);
  const marked = table.filter((row) => row.split(' ').includes(mark)).map((row) => Number.parseInt(row, 10));
  return { marked, blank: [] };
}

/** The values that begin with `prefix` of one variable, by pid. */
export async function readMarks(name: string, prefix: string): Promise<Map<number, string>> {
  const table = await ps(['-A', '-E', '-ww', '-o', 'pid=,command=']);
  const begin = `${name}=${prefix}`;
  const values = new Map<number, string>();
  for (const row of table) {
    const word = row.split(' ').find((candidate) => candidate.startsWith(begin));
    if (word !== undefined) values.set(Number.parseInt(row, 10), word.slice(name.length + 1));
  }
  return values;
}

/** The program's file name and its arguments, parted by spaces; undefined when it has ended. */
export async function readCommand(pid: number): Promise<{ program: string; argv: string[] } | undefined> {
  const rows = await ps(['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => []);
  const argv = (rows[0] ?? '').trim().split(/\s+/);
  return rows[0] === undefined ? undefined : { program: basename(argv[0] ?? ''), argv };
}

/** Pid, parent, state, CPU time as [[dd-]hh:]mm:ss.cc, start as ctime(3) prints it. */
function parseRow(row: string): ProcessEntry | undefined {
  const [pid, parent, state, time, ...start] = row.trim().split(/\s+/);
  if (state === undefined || time === undefined) return undefined;
  return {
    pid: Number(pid),
    parent: Number(parent),
    // macOS shows an address in the kernel instead.
    session: 0,
    defunct: state.startsWith('Z'),
    cpuMs: parseCpuTime(time),
    startTime: Date.parse(start.join(' ')),
  };
}

function parseCpuTime(time: string): number {
  const [clock = '', days = '0'] = time.split('-').reverse();
  const seconds = clock.split(':').reduce((total, part) => total * 60 + Number(part), 0);
  return Math.round((Number(days) * 86_400 + seconds) * 1000);
}

async function ps(argv: string[]): Promise<string[]> {
  const { stdout } = await run('ps', argv, {
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.split('\n').filter((row) => row.trim() !== '');
}
