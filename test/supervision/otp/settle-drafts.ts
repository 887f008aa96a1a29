/** Settles drafts of operations on the supervisors and children of a tree. */
import type { Fate, Letter, Operation, Script, SupervisorScript } from '../replay/scenario.ts';
import type { Draft } from './random-draft.ts';
import { ids } from './random-tree.ts';

/** A supervisor that may be there when an operation comes to it. */
interface Place {
  readonly path: string;
  readonly script: SupervisorScript;
  /** What its children are by id: undefined for a worker. */
  readonly shapes: Map<string, SupervisorScript | undefined>;
  /** Dynamic children that were asked for. */
  dynamicChildren: number;
}

/** The operations that drafts come to in this tree. */
export function settled(root: SupervisorScript, written: readonly Draft[]): Operation[] {
  const places = placesIn(root, '');
  return written.map((draft): Operation => {
    if (draft.act === 'advance') return { op: 'advance', seconds: draft.seconds };
    const place = places[draft.where % places.length] ?? places[0];
    if (!place) throw new Error('a tree has a root');
    const at = place.path === '' ? undefined : place.path;
    if (draft.act !== 'burst' && draft.act !== 'storm') return { at, ...letterOf(draft, place, places) };
    const letters = draft.act === 'burst' ? draft.letters : exitsInTurn(draft);
    return { op: 'burst', at, ops: letters.map((letter) => letterOf(letter, place, places)) };
  });
}

function exitsInTurn({ letters, who }: Draft): Draft[] {
  return letters.map((letter, index) => ({ ...letter, act: 'exit', who: who + index }));
}

/** All supervisors of a tree. Those that a `simple_one_for_one` supervisor will have are the first two it starts. */
function placesIn(script: SupervisorScript, path: string): Place[] {
  const below = script.children.flatMap(({ id = '', supervisor }) => {
    if (!supervisor) return [];
    const names = script.strategy === 'simple_one_for_one' ? ['d1', 'd2'] : [id];
    return names.flatMap((name) => placesIn(supervisor, joined(path, name)));
  });
  const shapes = new Map(script.children.map(({ id = '', supervisor }) => [id, supervisor]));
  return [{ path, script, shapes, dynamicChildren: 0 }, ...below];
}

function joined(path: string, id: string): string {
  return path === '' ? id : `${path}/${id}`;
}

function letterOf({ act, who, reason: why, child: script }: Draft, place: Place, places: Place[]): Letter {
  const isSimple = place.script.strategy === 'simple_one_for_one';
  if (act === 'start_child' || (isSimple && place.dynamicChildren === 0)) {
    return {
      op: 'start_child',
      child: isSimple ? dynamicChild(script, place) : staticChild(script, who, place, places),
    };
  }
  const id = isSimple ? `d${1 + (who % place.dynamicChildren)}` : staticId(who, place);
  switch (act) {
    case 'exit':
      return { op: act, id, reason: why };
    case 'which_children':
    case 'count_children':
      return { op: act };
    case 'terminate_child':
    case 'restart_child':
    case 'delete_child':
    case 'get_childspec':
      return { op: act, id };
    case 'advance':
    case 'burst':
    case 'storm':
      throw new Error(`${act} is no letter`);
  }
}

/** The name of one of the supervisor's children, or of one it does not have. */
function staticId(who: number, { script }: Place): string {
  const count = Math.min(ids.length, script.children.length + 1);
  return ids[who % count] ?? 'a';
}

/** OTP keeps a dynamic child that is declined in a restart under the name `undefined`; that is left out on purpose. */
function dynamicChild({ starts }: Script, place: Place): Script {
  place.dynamicChildren += 1;
  const template = place.script.children[0];
  if (template?.supervisor) return {};
  const fates = starts?.map((fate, index): Fate => (index > 0 && fate === 'ignore' ? 'error' : fate));
  return { starts: fitting(fates, place) };
}

/** What a path is, a worker or which supervisor, is settled by the first that has it. */
function staticChild(drawn: Script, who: number, place: Place, places: Place[]): Script {
  const id = staticId(who, place);
  if (!place.shapes.has(id)) {
    const shape = drawn.supervisor && withFittingDepths(drawn.supervisor, 'below');
    place.shapes.set(id, shape);
    if (shape) places.push(...placesIn(shape, joined(place.path, id)));
  }
  const { supervisor: _, ...worker } = drawn;
  const supervisor = place.shapes.get(id);
  const isAsDrawn = (supervisor === undefined) === (drawn.supervisor === undefined);
  const { restart, significant } = drawn;
  const script = isAsDrawn ? { ...worker, starts: fitting(drawn.starts, place) } : { restart, significant };
  return { id, ...script, supervisor };
}

/** A child that dies while deep inside something else starts would leave open which of two supervisors acts first. */
function fitting(
  fates: readonly Fate[] | undefined,
  { path }: { path: string },
): readonly Fate[] | undefined {
  return path === '' ? fates : fates?.map((fate) => (fate === 'dies' ? 'ok' : fate));
}

/** The tree without such children; only those of the root itself, whose path is empty, may die so. */
export function withFittingDepths(script: SupervisorScript, path: string): SupervisorScript {
  const children = script.children.map((one) => ({
    ...one,
    starts: fitting(one.starts, { path }),
    supervisor: one.supervisor && withFittingDepths(one.supervisor, 'below'),
  }));
  return { ...script, children };
}
