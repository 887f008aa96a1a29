/** Where every machine stands, folded from transitions. Pure, and free of Node: the page folds in the browser. */
import type { Transition } from '../inspection/transition.ts';

/** A transition, and the daemon and the boot of it that it belongs to where several follow each other or live side by side. */
export type Step = Transition & { boot?: string; node?: string };

/**
 * The latest transition of each actor. What has ended is there for the moment of its end and gone with the next step, and
 * with it all below it: a crash stops actors that have no transition any more. Nodes do not touch each other: lives, paths
 * and boots are those of one node.
 */
export class Standing {
  readonly #latest = new Map<string, Step>();
  /** Who is at a path; a supervisor's child that was started anew is at the path of the one before. */
  readonly #atPath = new Map<string, string>();
  readonly #boots = new Map<string | undefined, string | undefined>();
  #ended: string | undefined;

  /** By life; where a node is told, by node and life. */
  get latest(): ReadonlyMap<string, Step> {
    return this.#latest;
  }

  apply(step: Step): void {
    const { node, boot } = step;
    if (this.#boots.get(node) !== boot) this.#clear(node);
    this.#boots.set(node, boot);
    if (this.#ended !== undefined) this.#remove(this.#ended);
    this.#ended = undefined;
    const [key, place] = [keyOf(step), placeOf(step)];
    const before = this.#atPath.get(place);
    if (before !== undefined && before !== key && step.status === 'active') this.#remove(before);
    this.#latest.set(key, step);
    if (step.status === 'active') this.#atPath.set(place, key);
    else this.#end(step);
  }

  /** Takes what is told for where everything stands, whatever was known before. */
  reset(steps: Iterable<Step>): void {
    for (const node of [...this.#boots.keys()]) this.#clear(node);
    for (const step of steps) this.apply(step);
  }

  /** The same for one node, whose steps all of them are. */
  resetNode(node: string, steps: Iterable<Step>): void {
    this.#clear(node);
    for (const step of steps) this.apply(step);
  }

  copy(): Standing {
    const copy = new Standing();
    for (const [key, step] of this.#latest) copy.#latest.set(key, step);
    for (const [place, key] of this.#atPath) copy.#atPath.set(place, key);
    for (const [node, boot] of this.#boots) copy.#boots.set(node, boot);
    copy.#ended = this.#ended;
    return copy;
  }

  #end(ended: Step): void {
    const key = keyOf(ended);
    this.#ended = key;
    const holder = this.#atPath.get(placeOf(ended));
    // Told late: what is below now belongs to the life that has taken its place.
    if (holder !== undefined && holder !== key) return;
    const below = ended.path === '' ? '' : `${ended.path}/`;
    for (const [other, { node, path }] of this.#latest)
      if (other !== key && node === ended.node && path.startsWith(below)) this.#remove(other);
  }

  #remove(key: string): void {
    const step = this.#latest.get(key);
    this.#latest.delete(key);
    if (step && this.#atPath.get(placeOf(step)) === key) this.#atPath.delete(placeOf(step));
  }

  #clear(node: string | undefined): void {
    for (const [key, step] of [...this.#latest]) if (step.node === node) this.#remove(key);
    this.#boots.delete(node);
  }
}

const keyOf = ({ node, life }: Step): string => within(node, life);
const placeOf = ({ node, path }: Step): string => within(node, path);
/** A node's name is one token of a subject: it holds no space. */
const within = (node: string | undefined, name: string): string =>
  node === undefined ? name : `${node} ${name}`;
