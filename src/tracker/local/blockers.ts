/** What is wrong between issues: blockers that do not exist and issues that wait for each other. Pure. */
import type { Issue, Problem } from '../tracker.ts';
import type { ReadIssue } from './read-issue.ts';

/**
 * One problem for each unknown blocker and each dependency cycle among open issues. `unreadable` are the ids whose
 * file is there but has problems of its own.
 */
export function blockerProblems(read: readonly ReadIssue[], unreadable: ReadonlySet<string>): Problem[] {
  const byId = new Map(read.map((entry) => [entry.issue.id, entry]));
  const unknown = read.flatMap((entry) =>
    entry.issue.blockedBy
      .filter((id) => !byId.has(id))
      .map((id) => {
        const isUnreadable = unreadable.has(id);
        return {
          ...placeOf(entry, id),
          message: `blocked by ${id}, ${isUnreadable ? 'whose file cannot be read' : 'which is no issue here'}`,
          remedy: isUnreadable
            ? `Mend the file of issue ${id}.`
            : 'Correct the id, or take it out of blocked_by.',
        };
      }),
  );
  const cycles = findCycles(read.map(({ issue }) => issue)).flatMap((cycle) => {
    const [first = '', second = first] = cycle;
    const entry = byId.get(first);
    if (entry === undefined) return [];
    return {
      ...placeOf(entry, second),
      message: `dependency cycle: ${[...cycle, first].join(' → ')}`,
      remedy: 'Take one of these out of the blocked_by of the issue before it.',
    };
  });
  return [...unknown, ...cycles];
}

function placeOf({ issue, blockerPositions }: ReadIssue, blocker: string) {
  const position = blockerPositions[issue.blockedBy.indexOf(blocker)] ?? { line: 1, column: 1 };
  return { file: issue.path ?? '', ...position };
}

/**
 * Cycles that keep issues waiting for ever, each as ids where every one is blocked by the next and the last by the
 * first. A depth-first search with its own stack: a chain of ten thousand issues must not overflow ours.
 */
function findCycles(issues: readonly Issue[]): string[][] {
  const open = new Map(issues.filter((issue) => !issue.closed).map((issue) => [issue.id, issue.blockedBy]));
  const cycles: string[][] = [];
  const finished = new Set<string>();
  for (const start of open.keys()) {
    if (finished.has(start)) continue;
    const path = [{ id: start, next: 0 }];
    const depthOf = new Map([[start, 0]]);
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const blocker = open.get(step.id)?.[step.next++];
      if (blocker === undefined) {
        finished.add(step.id);
        depthOf.delete(step.id);
        path.pop();
        continue;
      }
      const depth = depthOf.get(blocker);
      if (depth !== undefined) {
        cycles.push(path.slice(depth).map(({ id }) => id));
      } else if (open.has(blocker) && !finished.has(blocker)) {
        depthOf.set(blocker, path.length);
        path.push({ id: blocker, next: 0 });
      }
    }
  }
  return cycles;
}
