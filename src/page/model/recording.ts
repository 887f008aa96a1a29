/** What the journal tells of a stretch of time, as the page shows it after any number of its transitions. Pure. */
import type { RecordedTransition } from '../../journal/journal-page.ts';
import type { Step } from '../../journal/standing.ts';
import { TransitionHistory } from '../../journal/transition-history.ts';
import type { StageActor, StageActors } from './stage-actor.ts';

/** A place in the supervision tree at which something lived. */
interface RecordedPlace {
  readonly machine: string;
  /** After so many transitions it is first known to live. */
  readonly since: number;
}

/** Transitions that could not be kept. */
export interface Gap {
  /** The index of the transition before which they are missing. */
  readonly index: number;
  readonly missing: number;
}

export class Recording {
  /** In the order in which they happened. */
  readonly transitions: readonly RecordedTransition[];
  /** When each happened, milliseconds since the epoch. */
  readonly times: readonly number[];
  readonly gaps: readonly Gap[];
  /** Every path once, parents before children. */
  readonly paths: readonly string[];
  readonly #history: TransitionHistory;
  readonly #places: ReadonlyMap<string, RecordedPlace>;
  /** After how many transitions each had happened; those of the time before have none. */
  readonly #turns: ReadonlyMap<Step, number>;

  constructor(transitions: readonly RecordedTransition[]) {
    this.transitions = transitions;
    this.times = transitions.map(({ at }) => at);
    this.gaps = transitions.flatMap(({ missing = 0 }, index) => (missing > 0 ? [{ index, missing }] : []));
    this.#history = new TransitionHistory(transitions);
    this.#turns = new Map(transitions.map((transition, index) => [transition, index + 1]));
    this.#places = placesOf(transitions);
    this.paths = [...this.#places.keys()].sort(byPlace);
  }

  get length(): number {
    return this.transitions.length;
  }

  /** The machines by path when `count` transitions have happened, and where none lives then, what will live or has lived there. */
  actorsAfter(count: number): StageActors {
    const actors = new Map<string, StageActor>();
    for (const [path, { machine, since }] of this.#places) {
      const status = count < since ? 'not started' : 'ended';
      actors.set(path, { path, machine, value: null, status, edges: [], turn: 0 });
    }
    for (const step of this.#history.standingAt(count - 1).values()) {
      const { path, machine, to, status, edges } = step;
      // The end of one life may be told when the next has begun.
      if (status !== 'active' && actors.get(path)?.status === 'active') continue;
      actors.set(path, { path, machine, value: to, status, edges, turn: this.#turns.get(step) ?? 0 });
    }
    return actors;
  }
}

function placesOf(transitions: readonly RecordedTransition[]): Map<string, RecordedPlace> {
  const places = new Map<string, RecordedPlace>();
  const note = ({ path, machine }: Step, since: number) => {
    if (!places.has(path)) places.set(path, { machine, since });
  };
  for (const [index, transition] of transitions.entries()) {
    // Before the first transition all that it tells of lives; what a later one tells of came in a gap.
    for (const before of transition.standing ?? []) note(before, index === 0 ? 0 : index + 1);
    note(transition, index + 1);
  }
  return places;
}

/** Parents before children, otherwise by name; the supervision tree's own order is not recorded. */
function byPlace(a: string, b: string): number {
  const left = a === '' ? [] : a.split('/');
  const right = b === '' ? [] : b.split('/');
  for (let level = 0; level < Math.min(left.length, right.length); level += 1) {
    const difference = (left[level] ?? '').localeCompare(right[level] ?? '');
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
