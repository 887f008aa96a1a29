/** Finds the place in the supervision tree that a person probably meant. */
import { nearestName } from '../text/nearest-name.ts';
import { descendantsOf, type SupervisorDescription } from './tree-description.ts';

/**
 * The path that is a few typing mistakes away from `typed`, or one of which `typed` is the end, mistakes allowed there
 * too; else the deepest one on the way to it. Undefined for one that has nothing to do with the tree.
 */
export function nearestPath(tree: SupervisorDescription, typed: string): string | undefined {
  const paths = descendantsOf(tree).map(({ path }) => path);
  return nearestName(typed, paths) ?? pathEndingIn(typed, paths) ?? pathOnTheWay(typed, paths);
}

/** Whether `pane` or `agent:kaede/pane`, or nearly that, is where a path ends; `kaede` is taken for `agent:kaede`. */
function pathEndingIn(typed: string, paths: readonly string[]): string | undefined {
  const length = typed.split('/').length;
  const ends = paths.map((path) => ({ path, end: path.split('/').slice(-length).join('/') }));
  const exact = ends.find(({ end }) => end === typed || end.endsWith(`:${typed}`));
  const names = ends.flatMap(({ end }) => [end, end.slice(end.lastIndexOf(':') + 1)]);
  const near = exact ? undefined : nearestName(typed, names);
  return (exact ?? ends.find(({ end }) => near !== undefined && end.endsWith(near)))?.path;
}

function pathOnTheWay(typed: string, paths: readonly string[]): string | undefined {
  return paths.filter((path) => typed.startsWith(`${path}/`)).at(-1);
}

/** What a person is told whose path there is not. */
export function unknownChild(typed: string, nearest: string | undefined): string {
  const guess = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  return `There is no "${typed}" in the supervision tree.${guess} \`orchestra tree\` shows it.`;
}
