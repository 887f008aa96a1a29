/** Where every machine stands, folded from transitions. Pure, and free of Node: the page folds in the browser. */
import type { Transition } from '../inspection/transition.ts';

/** A transition, and the boot of the daemon that it belongs to where several may follow each other. */
export type Step = Transition & { boot?: string };

/**
 * The latest transition of each actor, by its life. What has ended is there for the moment of its end and gone with the
 * next step, and with it all below it: a crash stops actors that have no transition any more.
 */
export class Standing {
  readonly #latest = new Map<string, Step>();
  /** Who is at a path; a supervisor's child that was started anew is at the path of the one before. */
  readonly #atPath = new Map<string, string>();
  #boot: string | undefined;
  #ended: string | undefined;

  /** By life. */
  get latest(): ReadonlyMap<string, Step> {
    return this.#latest;
  }

  apply(step: Step): void {
    if (this.#boot !== step.boot) this.#clear();
    this.#boot = step.boot;
    if (this.#ended !== undefined) this.#remove(this.#ended);
    this.#ended = undefined;
    const before = this.#atPath.get(step.path);
    if (before !== undefined && before !== step.life && step.status === 'active') this.#remove(before);
    this.#latest.set(step.life, step);
    if (step.status === 'active') this.#atPath.set(step.path, step.life);
    else this.#end(step);
  }

  /** Takes what is told for where everything stands, whatever was known before. */
  reset(steps: Iterable<Step>): void {
    this.#clear();
    for (const step of steps) this.apply(step);
  }

  copy(): Standing {
    const copy = new Standing();
    for (const [life, step] of this.#latest) copy.#latest.set(life, step);
    for (const [path, life] of this.#atPath) copy.#atPath.set(path, life);
    copy.#boot = this.#boot;
    copy.#ended = this.#ended;
    return copy;
  }

  #end({ life, path }: Step): void {
    this.#ended = life;
    const below = path === '' ? '' : `${path}/`;
    for (const [other, step] of this.#latest)
      if (other !== life && step.path.startsWith(below)) this.#remove(other);
  }

  #remove(life: string): void {
    const path = this.#latest.get(life)?.path;
    this.#latest.delete(life);
    if (path !== undefined && this.#atPath.get(path) === life) this.#atPath.delete(path);
  }

  #clear(): void {
    this.#latest.clear();
    this.#atPath.clear();
    this.#boot = undefined;
    this.#ended = undefined;
  }
}
