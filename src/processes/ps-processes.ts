/**
 * The process table by ps(1), for systems without /proc (macOS). Best effort: `ps -E` shows the environments of our own
 * processes only, joined by spaces, so a mark's value must hold none.
 */
import { execFile } from 'node:child_process';
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

/** Pid, parent, state, CPU time as [[dd-]hh:]mm:ss.cc, start as ctime(3) prints it. */
function parseRow(row: string): ProcessEntry | undefined {
  const [pid, parent, state, time, ...start] = row.trim().split(/\s+/);
  if (state === undefined || time === undefined) return undefined;
  return {
    pid: Number(pid),
    parent: Number(parent),
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
