/** Who comes from whom: a process's children, their children, and so on. */
import type { ProcessEntry } from './process-entry.ts';
import { listProcesses } from './process-table.ts';

/** All running descendants of the given pids, parents before children, the given ones left out. */
export async function findDescendants(pids: readonly number[]): Promise<ProcessEntry[]> {
  return descendantsIn(await listProcesses(), pids);
}

/**
 * The same within a table read before. A child whose parent has ended belongs to init and is not found this way: that
 * is what marks are for.
 */
export function descendantsIn(table: readonly ProcessEntry[], pids: readonly number[]): ProcessEntry[] {
  const children = childrenByParent(table);
  const found: ProcessEntry[] = [];
  const seen = new Set(pids);
  let generation: readonly number[] = pids;
  while (generation.length > 0) {
    const next = generation.flatMap((pid) => children.get(pid) ?? []).filter(({ pid }) => !seen.has(pid));
    for (const { pid } of next) seen.add(pid);
    found.push(...next.filter(({ defunct }) => !defunct));
    generation = next.map(({ pid }) => pid);
  }
  return found;
}

function childrenByParent(table: readonly ProcessEntry[]): Map<number, ProcessEntry[]> {
  const children = new Map<number, ProcessEntry[]>();
  for (const entry of table) {
    const siblings = children.get(entry.parent);
    if (siblings === undefined) children.set(entry.parent, [entry]);
    else siblings.push(entry);
  }
  return children;
}
