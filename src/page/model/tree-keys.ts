/** The keyboard in a tree, as the ARIA Authoring Practices describe it. Pure: where a key leads. */
import type { TreeRow } from './tree-rows.ts';

export type TreeMove =
  | { readonly do: 'focus'; readonly path: string }
  | { readonly do: 'open' | 'close'; readonly path: string };

/** Where `key` leads from the row at `path`; undefined when nowhere. `rows` are those that are seen. */
export function treeMove(
  rows: readonly TreeRow[],
  path: string,
  key: string,
  closed: ReadonlySet<string>,
): TreeMove | undefined {
  const index = rows.findIndex((row) => row.path === path);
  const row = rows[index];
  if (!row) return undefined;
  const focus = (target: TreeRow | undefined): TreeMove | undefined =>
    target && { do: 'focus', path: target.path };
  switch (key) {
    case 'ArrowDown':
      return focus(rows[index + 1]);
    case 'ArrowUp':
      return focus(rows[index - 1]);
    case 'Home':
      return focus(rows[0]);
    case 'End':
      return focus(rows.at(-1));
    case 'ArrowRight':
      if (!row.hasChildren) return undefined;
      return closed.has(path) ? { do: 'open', path } : focus(rows[index + 1]);
    case 'ArrowLeft':
      if (row.hasChildren && !closed.has(path)) return { do: 'close', path };
      return focus(rows.slice(0, index).findLast(({ level }) => level < row.level));
    default:
      return key.length === 1 ? focus(startingWith(rows, index, key.toLowerCase())) : undefined;
  }
}

/** The next row, from the top again after the last, whose name begins with the letter. */
function startingWith(rows: readonly TreeRow[], index: number, letter: string): TreeRow | undefined {
  return [...rows.slice(index + 1), ...rows.slice(0, index)].find(({ id }) =>
    shortName(id).toLowerCase().startsWith(letter),
  );
}

/** `kaede` for `agent:kaede`. */
export function shortName(id: string): string {
  return id.slice(id.indexOf(':') + 1);
}
