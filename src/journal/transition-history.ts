/** Recorded transitions to move about in: where every machine stood at any of them. Pure, and free of Node. */
import type { StateValue, Transition } from '../inspection/transition.ts';
import { Standing, type Step } from './standing.ts';

/** What of a recorded transition matters here; where `standing` is told, it replaces what was folded so far. */
export type HistoryStep = Step & { standing?: readonly Transition[] };

export interface StandingState {
  path: string;
  machine: string;
  value: StateValue;
  status: Transition['status'];
}

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

  /** Right after the transition at `index`, by life; what has just ended is there with its status. Empty outside. */
  statesAt(index: number): ReadonlyMap<string, StandingState> {
    if (index < 0 || index >= this.length) return new Map();
    const checkpoint = Math.floor(index / checkpointInterval);
    const standing = this.#checkpoints[checkpoint]?.copy() ?? new Standing();
    for (const step of this.#steps.slice(checkpoint * checkpointInterval, index + 1)) fold(standing, step);
    return new Map(
      [...standing.latest].map(([life, { path, machine, to, status }]) => [
        life,
        { path, machine, value: to, status },
      ]),
    );
  }
}

function fold(standing: Standing, step: HistoryStep): void {
  if (step.standing) standing.reset(step.standing.map((before) => ({ ...before, ...bootOf(step) })));
  standing.apply(step);
}

const bootOf = ({ boot }: Step) => (boot === undefined ? {} : { boot });
