/** The overview of machines: one section a supervisor, one card a machine. Pure. */
import { isAtOrBelow } from './event-log.ts';
import type { StageActor, StageActors } from './stage-actor.ts';
import type { TreeRow } from './tree-rows.ts';

export interface Card {
  readonly path: string;
  /** Undefined while no machine has been seen there. */
  readonly actor: StageActor | undefined;
  readonly row: TreeRow | undefined;
}

export interface Section {
  /** Of the supervisor. */
  readonly path: string;
  readonly row: TreeRow;
  readonly cards: readonly Card[];
}

/**
 * The sections at and below `place`. A supervisor's section begins with its own card, then come its workers and, after
 * each, the living machines that it runs itself.
 */
export function sectionsBelow(rows: readonly TreeRow[], actors: StageActors, place: string): Section[] {
  const known = new Set(rows.map(({ path }) => path));
  const card = (path: string, row?: TreeRow): Card => ({ path, actor: actors.get(path), row });
  const inner = (path: string) =>
    [...actors.values()]
      .filter((actor) => actor.status === 'active' && !known.has(actor.path) && actor.path !== path)
      .filter((actor) => isAtOrBelow(actor.path, path))
      .map((actor) => card(actor.path));
  const isLeaf = ({ isSupervisor, hasChildren }: TreeRow) => !isSupervisor && !hasChildren;
  const inPlace = rows.filter(({ path }) => isAtOrBelow(path, place));
  return inPlace
    .filter((row) => !isLeaf(row))
    .map((row) => {
      const workers = rows.filter((child) => isLeaf(child) && parentOf(child.path) === row.path);
      return {
        path: row.path,
        row,
        cards: [
          ...(actors.has(row.path) ? [card(row.path, row)] : []),
          ...workers.flatMap((worker) => [card(worker.path, worker), ...inner(worker.path)]),
        ],
      };
    })
    .filter(({ cards }) => cards.length > 0);
}

function parentOf(path: string): string | undefined {
  if (path === '') return undefined;
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}
