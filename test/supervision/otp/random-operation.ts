/** Random operations: first drafts that know of no tree, then settled on the supervisors and children of one. */
import fc from 'fast-check';
import type { Fate, Letter, Operation, Script, SupervisorScript } from '../scenario.ts';
import { child, ids } from './random-tree.ts';
import { weighted } from './weighted.ts';

type Act = Letter['op'] | 'burst' | 'advance';

/** An operation that has not yet met its tree. */
interface Draft {
  readonly act: Act;
  /** Which supervisor and which of its children, counted around. */
  readonly where: number;
  readonly who: number;
  readonly reason: string;
  readonly seconds: number;
  readonly child: Script;
  readonly letters: readonly Draft[];
}

const reason = weighted(
  [6, 'crash'],
  [2, 'kill'],
  [2, 'normal'],
  [2, 'shutdown'],
  [2, 'shutdown:x'],
);

const letterAct = weighted<Act>(
  [12, 'exit'],
  [4, 'terminate_child'],
  [4, 'restart_child'],
  [3, 'delete_child'],
  [3, 'start_child'],
  [3, 'which_children'],
  [3, 'count_children'],
  [2, 'get_childspec'],
);

const act = (bursts: number): fc.Arbitrary<Act> =>
  weighted<Act>(
    [50, 'exit'],
    [9, 'terminate_child'],
    [8, 'restart_child'],
    [5, 'delete_child'],
    [9, 'start_child'],
    [2, 'which_children'],
    [2, 'count_children'],
    [3, 'get_childspec'],
    [10, 'advance'],
    [bursts, 'burst'],
  );

/** So many drafts; `depth` is that of the trees that they start, `bursts` the weight of bursts among them. */
export function drafts(depth: number, bursts: number, maxLength: number): fc.Arbitrary<readonly Draft[]> {
  const draft = <Extra extends { act: fc.Arbitrary<Act>; letters: fc.Arbitrary<readonly Draft[]> }>(extra: Extra) =>
    fc.record({
      where: fc.nat(11),
      who: fc.nat(11),
      reason,
      seconds: fc.integer({ min: 1, max: 7 }),
      child: child(depth),
      ...extra,
    });
  const letter = draft({ act: letterAct, letters: fc.constant([]) });
  const letters = fc.array(letter, { minLength: 2, maxLength: 5, size: 'max' });
  return fc.array(draft({ act: act(bursts), letters }), { minLength: 3, maxLength, size: 'max' });
}

/** A supervisor that may be there when an operation comes to it. */
interface Place {
  readonly path: string;
  readonly script: SupervisorScript;
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
    if (draft.act !== 'burst') return { at, ...letterOf(draft, place, places) };
    return { op: 'burst', at, ops: draft.letters.map((letter) => letterOf(letter, place, places)) };
  });
}

/** All supervisors of a tree. Those that a `simple_one_for_one` supervisor will have are the first two it starts. */
function placesIn(script: SupervisorScript, path: string): Place[] {
  const below = script.children.flatMap(({ id = '', supervisor }) => {
    if (!supervisor) return [];
    const names = script.strategy === 'simple_one_for_one' ? ['d1', 'd2'] : [id];
    return names.flatMap((name) => placesIn(supervisor, path === '' ? name : `${path}/${name}`));
  });
  return [{ path, script, dynamicChildren: 0 }, ...below];
}

function letterOf({ act, who, reason: why, child: script }: Draft, place: Place, places: Place[]): Letter {
  const isSimple = place.script.strategy === 'simple_one_for_one';
  if (act === 'start_child' || (isSimple && place.dynamicChildren === 0)) {
    return { op: 'start_child', child: isSimple ? dynamicChild(script, place) : staticChild(script, who, place, places) };
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

function staticChild(script: Script, who: number, place: Place, places: Place[]): Script {
  const id = staticId(who, place);
  const isNew = !place.script.children.some((known) => known.id === id);
  if (script.supervisor && isNew) {
    places.push(...placesIn(script.supervisor, place.path === '' ? id : `${place.path}/${id}`));
  }
  const { supervisor } = script;
  return {
    id,
    ...script,
    starts: fitting(script.starts, place),
    supervisor: supervisor && withFittingDepths(supervisor, 'below'),
  };
}

/** A child that dies while deep inside something else starts would leave open which of two supervisors acts first. */
function fitting(fates: readonly Fate[] | undefined, { path }: { path: string }): readonly Fate[] | undefined {
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
