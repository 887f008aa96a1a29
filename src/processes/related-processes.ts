/** Who belongs to whom by birth: descendants, and everybody in a session that one of them leads. */
import { descendantsIn } from './descendants.ts';
import type { ProcessEntry } from './process-entry.ts';

/**
 * All running processes that the given ones have brought into the world, as far as the table shows it: their descendants,
 * and the members of sessions whose leader is one of them, for a session grows only by its members' children. A child
 * that has left the session and whose parent has ended is not found: nothing in the table leads back to it.
 */
export function relatedIn(table: readonly ProcessEntry[], pids: readonly number[]): ProcessEntry[] {
  const related = new Map<number, ProcessEntry>();
  const given = new Set(pids);
  let newest: readonly number[] = pids;
  while (newest.length > 0) {
    const leaders = new Set(newest);
    const mates = table.filter((entry) => leaders.has(entry.session) && !entry.defunct);
    const found = [...descendantsIn(table, newest), ...mates].filter(
      ({ pid }) => !given.has(pid) && !related.has(pid),
    );
    for (const entry of found) related.set(entry.pid, entry);
    newest = [...new Set(found.map(({ pid }) => pid))];
  }
  return [...related.values()];
}
