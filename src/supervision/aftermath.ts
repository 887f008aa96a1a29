/** What supervisors have made of a child's end, read off two descriptions of the tree: before it and after it. */
import { type ChildDescription, descendantsOf, type SupervisorDescription } from './tree-description.ts';

export interface Aftermath {
  /** The child as it is now; undefined when it, or what is above it, is not there. */
  readonly child: ChildDescription | undefined;
  /** Siblings that have begun a new life with it, in start order. */
  readonly companions: readonly ChildDescription[];
  /** Supervisors above it that have ended over it, the nearest first, as they are now. */
  readonly ended: readonly ChildDescription[];
  /** The nearest supervisor above that has lived through it. */
  readonly survivor: SupervisorDescription;
}

/** What has become of the child at `path`; undefined as long as its supervisors are still at it. */
export function aftermathOf(
  before: SupervisorDescription,
  after: SupervisorDescription,
  path: string,
): Aftermath | undefined {
  const [old, now] = [livesOf(before), livesOf(after)];
  if (old.get(path)?.life === now.get(path)?.life) return undefined;
  const above = pathsAbove(path);
  const ended = above.filter((one) => old.get(one)?.life !== now.get(one)?.life);
  const survivorPath = above.find((one) => !ended.includes(one)) ?? '';
  const survivor = survivorPath === '' ? after : now.get(survivorPath)?.child.supervisor;
  if (!survivor || isBusy(survivor)) return undefined;
  const child = now.get(path)?.child;
  const siblings = ended.length > 0 ? [] : survivor.children;
  return {
    child,
    companions: siblings.filter(
      (one) => one.path !== path && one.pid !== null && old.get(one.path)?.life !== now.get(one.path)?.life,
    ),
    ended: ended.flatMap((one) => now.get(one)?.child ?? []),
    survivor,
  };
}

/** Whether anything below is between two states. */
function isBusy(supervisor: SupervisorDescription): boolean {
  return (
    supervisor.phase !== 'running' ||
    descendantsOf(supervisor).some(
      ({ state, supervisor: below }) =>
        state === 'starting' ||
        state === 'stopping' ||
        state === 'restarting' ||
        (below !== null && below.phase !== 'running'),
    )
  );
}

interface Life {
  readonly child: ChildDescription;
  /** Unlike a pid unique in the whole tree: all pids from the root down. */
  readonly life: string;
}

function livesOf(tree: SupervisorDescription, above = ''): Map<string, Life> {
  const lives = new Map<string, Life>();
  for (const child of tree.children) {
    const life = `${above}/${child.pid}`;
    lives.set(child.path, { child, life });
    if (child.supervisor) for (const [path, below] of livesOf(child.supervisor, life)) lives.set(path, below);
  }
  return lives;
}

/** The supervisors above a path, the nearest first, without the root. */
function pathsAbove(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, parts.length - 1 - index).join('/'));
}
