/** Recorded transitions, and the state of every machine after any number of them. Pure. */
import type { Transition } from '../../inspection/transition.ts';
import type { StageActor, StageActors } from './stage-actor.ts';

/** As the journal keeps it: session ids are unique within one boot of one node. */
export interface RecordedTransition extends Transition {
  readonly boot?: string;
  readonly node?: string;
}

interface Life extends StageActor {
  readonly node: string;
}

/** The machines that live at a moment, by a key of their life; on one path the newest stands last. */
type Lives = ReadonlyMap<string, Life>;

/** A state is kept for every so many transitions: the slider never folds more than these. */
const checkpointEvery = 500;

export class Recording {
  /** By time. */
  readonly transitions: readonly RecordedTransition[];
  /** Every path once, parents before children. */
  readonly paths: readonly string[];
  readonly #checkpoints: Lives[] = [];
  /** For each boot, the machines that already lived when it was first heard of: those whose first record has a `from`. */
  readonly #living = new Map<string, Map<string, Life>>();
  /** The transitions that are the first of a new boot of their node. */
  readonly #boots = new Set<number>();

  constructor(transitions: readonly RecordedTransition[]) {
    this.transitions = transitions.toSorted((a, b) => a.at - b.at);
    this.paths = [...new Set(this.transitions.map(({ path }) => path))].sort(byPlace);
    const firstBoots = this.#findBoots();
    this.#findLiving();
    this.#checkpoints.push(new Map(firstBoots.flatMap((boot) => [...(this.#living.get(boot) ?? [])])));
  }

  get length(): number {
    return this.transitions.length;
  }

  /** The machines by path when `count` transitions have happened. */
  actorsAfter(count: number): StageActors {
    const lives = this.#livesAfter(Math.min(Math.max(count, 0), this.length));
    return new Map([...lives.values()].map((actor) => [actor.path, actor]));
  }

  /** How many transitions have happened by a moment, milliseconds since the epoch. */
  countAt(at: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.transitions[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Notes where boots begin; the first one of each node is returned. */
  #findBoots(): string[] {
    const current = new Map<string, string>();
    const first: string[] = [];
    for (const [index, transition] of this.transitions.entries()) {
      const { node = '' } = transition;
      const boot = bootOf(transition);
      const before = current.get(node);
      if (before === undefined) first.push(boot);
      else if (before !== boot) this.#boots.add(index);
      current.set(node, boot);
    }
    return first;
  }

  #findLiving(): void {
    const seen = new Set<string>();
    for (const transition of this.transitions) {
      const key = lifeOf(transition);
      if (seen.has(key)) continue;
      seen.add(key);
      const { path, machine, from, node = '' } = transition;
      if (from === null) continue;
      const boot = bootOf(transition);
      const living = this.#living.get(boot) ?? new Map<string, Life>();
      this.#living.set(boot, living);
      living.set(key, { path, machine, value: from, status: 'active', edges: [], turn: 0, node });
    }
  }

  #livesAfter(count: number): Lives {
    const wanted = Math.floor(count / checkpointEvery);
    for (let known = this.#checkpoints.length - 1; known < wanted; known += 1)
      this.#checkpoints.push(this.#fold(known, (known + 1) * checkpointEvery));
    return this.#fold(wanted, count);
  }

  #fold(checkpoint: number, count: number): Lives {
    const lives = new Map(this.#checkpoints[checkpoint]);
    for (let index = checkpoint * checkpointEvery; index < count; index += 1) this.#apply(lives, index);
    return lives;
  }

  #apply(lives: Map<string, Life>, index: number): void {
    const transition = this.transitions[index];
    if (!transition) return;
    const { path, machine, to, status, edges, node = '' } = transition;
    if (this.#boots.has(index)) {
      // A daemon that was killed tells no ends: with the next one's first word all of its machines are gone.
      for (const [key, life] of lives) if (life.node === node) lives.delete(key);
      for (const [key, life] of this.#living.get(bootOf(transition)) ?? []) lives.set(key, life);
    }
    const key = lifeOf(transition);
    // Deleted first, so that it stands last.
    lives.delete(key);
    lives.set(key, { path, machine, value: to, status, edges, turn: index + 1, node });
  }
}

const bootOf = ({ node = '', boot = '' }: RecordedTransition) => `${node} ${boot}`;
const lifeOf = (transition: RecordedTransition) => `${bootOf(transition)} ${transition.life}`;

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
