/**
 * Finding everything that belongs to a run by the mark `NAME=value` in its environment. Agents start their tools in
 * sessions of their own, which outlive them under init (facts: kill -9 of claude or pi leaves the tool running): neither
 * the process tree nor the terminal knows them any more, their environment does.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessEntry } from './process-entry.ts';
import { findMarkedPids, listProcesses } from './process-table.ts';
import { relatedIn } from './related-processes.ts';

/** Between two looks at processes in the middle of execve(2), in ms, and how many: a loaded machine may let one stand there. */
const execMs = 5;
const execLooks = 400;

/**
 * Running processes with the mark, and all that they have brought into the world (see related-processes.ts): a child may
 * have been given another environment. Our own process is never among them. Marks of other users' processes cannot be read.
 */
export async function findMarkedProcesses(name: string, value: string): Promise<ProcessEntry[]> {
  const mark = `${name}=${value}`;
  let { marked, blank } = await findMarkedPids(mark);
  for (let look = 0; marked.length === 0 && blank.length > 0 && look < execLooks; look += 1) {
    await delay(execMs);
    ({ marked, blank } = await findMarkedPids(mark, blank));
  }
  if (marked.length === 0) return [];
  const table = await listProcesses();
  const pids = new Set(marked);
  const itself = table.filter((entry) => pids.has(entry.pid) && !entry.defunct);
  return [...itself, ...relatedIn(table, marked)].filter(({ pid }) => pid !== process.pid);
}
