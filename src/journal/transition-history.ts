/** Recorded transitions to move about in: where every machine stood at any of them. Pure, and free of Node. */
import { Standing, type Step } from './standing.ts';

/** What of a recorded transition matters here; where `standing` is told, it replaces what was folded so far. */
export type HistoryStep = Step & { standing?: readonly Step[] };

/** So many transitions are folded at most to look anywhere. */
const checkpointInterval = 256;

export class TransitionHistory {
  readonly #steps: readonly HistoryStep[];
  /** Where everything stood before the transition of each multiple of the interval. */
  readonly #checkpoints: Standing[] = [];

  constructor(transitions: readonly HistoryStep[]) {
    this.#steps = transitions;
    const standing = new Standing();
    for (const [index, step] of transitions.entries()) {
      if (index % checkpointInterval === 0) this.#checkpoints.push(standing.copy());
      fold(standing, step);
    }
  }

  get length(): number {
    return this.#steps.length;
  }

  /**
   * The latest transition of each actor, keyed as in `Standing`, right after the one at `index`; what has just ended is
   * there with its status. At -1 it is before the first: whatever that tells of the time before. Empty outside.
   */
  standingAt(index: number): ReadonlyMap<string, Step> {
    if (index < -1 || index >= this.length) return new Map();
    if (index === -1) return this.#standingBefore().latest;
    const checkpoint = Math.floor(index / checkpointInterval);
    const standing = this.#checkpoints[checkpoint]?.copy() ?? new Standing();
    for (const step of this.#steps.slice(checkpoint * checkpointInterval, index + 1)) fold(standing, step);
    return standing.latest;
  }

  #standingBefore(): Standing {
    const standing = new Standing();
    const [first] = this.#steps;
    if (first) resetBefore(standing, first);
    return standing;
  }
}

function fold(standing: Standing, step: HistoryStep): void {
  resetBefore(standing, step);
  standing.apply(step);
}

function resetBefore(standing: Standing, step: HistoryStep): void {
  if (step.standing) standing.reset(step.standing.map((before) => ({ ...daemonOf(step), ...before })));
}

/** Whose what is told of the time before is, unless it says so itself. */
const daemonOf = ({ boot, node }: Step) => ({
  ...(boot !== undefined && { boot }),
  ...(node !== undefined && { node }),
});
