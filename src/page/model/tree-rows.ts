/** The rows of the tree beside the charts, from the supervisors' own account or from the paths of a recording. Pure. */
import type { ChildDescription, SupervisorDescription } from '../../supervision/tree-description.ts';
import { rootName } from './path-label.ts';
import type { StageActor, StageActors } from './stage-actor.ts';

type ChildState =
  | 'running'
  | 'starting'
  | 'stopping'
  | 'restarting'
  | 'stopped'
  | 'quarantined'
  | 'failed'
  | 'not started'
  | 'ended'
  | 'unknown';

export interface TreeRow {
  /** From the root; '' for the root. */
  readonly path: string;
  /** The last part of the path; the root has a name of its own. */
  readonly id: string;
  /** 1 for the root, as `aria-level` counts. */
  readonly level: number;
  /** Its number among its siblings, from 1, and how many they are. */
  readonly place: number;
  readonly siblings: number;
  readonly hasChildren: boolean;
  readonly isSupervisor: boolean;
  /** As its supervisor says, OTP's `undefined` being `stopped`; in a recording as its machine tells, if any is known. */
  readonly state: ChildState;
  /** What its supervisor knows of it; a recording and the root have none. */
  readonly child?: ChildDescription;
  /** What it knows of itself, being a living supervisor. */
  readonly supervisor?: SupervisorDescription;
}

/** The supervision tree, each parent before its children, in start order. */
export function rowsOfSupervisors(root: SupervisorDescription): TreeRow[] {
  const top: TreeRow = {
    path: root.path,
    id: rootName,
    level: 1,
    place: 1,
    siblings: 1,
    hasChildren: root.children.length > 0,
    isSupervisor: true,
    state: root.phase === 'terminated' ? 'stopped' : 'running',
    supervisor: root,
  };
  return [top, ...rowsBelow(root, 2)];
}

function rowsBelow({ children }: SupervisorDescription, level: number): TreeRow[] {
  return children.flatMap((child, index) => {
    const { path, id, type, state, supervisor } = child;
    const row: TreeRow = {
      path,
      id,
      level,
      place: index + 1,
      siblings: children.length,
      hasChildren: (supervisor?.children.length ?? 0) > 0,
      isSupervisor: type === 'supervisor',
      state: state === 'undefined' ? 'stopped' : state,
      child,
      ...(supervisor ? { supervisor } : {}),
    };
    return supervisor ? [row, ...rowsBelow(supervisor, level + 1)] : [row];
  });
}

interface Branch {
  readonly path: string;
  readonly id: string;
  readonly below: Map<string, Branch>;
}

/**
 * The tree that a set of paths makes, in the order in which they first occur; places between them that have no path of
 * their own stand in it too. `actors` says which of them live.
 */
export function rowsOfPaths(paths: Iterable<string>, actors: StageActors): TreeRow[] {
  const root: Branch = { path: '', id: rootName, below: new Map() };
  for (const path of paths) plant(root, path);
  return rowsOfBranch(root, actors, { level: 1, place: 1, siblings: 1 });
}

function plant(root: Branch, path: string): void {
  let branch = root;
  for (const id of path === '' ? [] : path.split('/')) {
    const next: Branch = branch.below.get(id) ?? {
      path: branch.path === '' ? id : `${branch.path}/${id}`,
      id,
      below: new Map(),
    };
    branch.below.set(id, next);
    branch = next;
  }
}

function rowsOfBranch(
  { path, id, below }: Branch,
  actors: StageActors,
  position: Pick<TreeRow, 'level' | 'place' | 'siblings'>,
): TreeRow[] {
  const actor = actors.get(path);
  const row: TreeRow = {
    path,
    id,
    ...position,
    hasChildren: below.size > 0,
    isSupervisor: actor?.machine === 'supervisor',
    state: actor ? stateOf(actor) : 'unknown',
  };
  const children = [...below.values()];
  const rowsOfChildren = children.flatMap((child, index) =>
    rowsOfBranch(child, actors, {
      level: position.level + 1,
      place: index + 1,
      siblings: children.length,
    }),
  );
  return [row, ...rowsOfChildren];
}

function stateOf({ status }: StageActor): TreeRow['state'] {
  switch (status) {
    case 'active':
      return 'running';
    case 'error':
      return 'failed';
    case 'done':
    case 'stopped':
      return 'stopped';
    case 'not started':
    case 'ended':
      return status;
  }
}

/** The rows that are seen when the branches at `closed` are shut. */
export function openRows(rows: readonly TreeRow[], closed: ReadonlySet<string>): TreeRow[] {
  const seen: TreeRow[] = [];
  let shutAt = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    if (row.level > shutAt) continue;
    shutAt = closed.has(row.path) ? row.level : Number.POSITIVE_INFINITY;
    seen.push(row);
  }
  return seen;
}
