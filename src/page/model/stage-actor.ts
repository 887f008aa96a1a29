/** One machine as the page shows it, whether it lives now or is played back. Plain data. */
import type { StateValue, Transition } from '../../inspection/transition.ts';

export interface StageActor {
  /** In the supervision tree, as in `Transition`. */
  readonly path: string;
  /** The machine's id: which chart is drawn. */
  readonly machine: string;
  /** Null when nothing is known of its state yet. */
  readonly value: StateValue | null;
  /** In a recording a machine may also be one that does not live yet, or any more. */
  readonly status: Transition['status'] | 'not started' | 'ended';
  /** The edges of its last transition. */
  readonly edges: readonly string[];
  /** Changes whenever `edges` were taken anew, also when they are the same as before. */
  readonly turn: number;
  /** Undefined where it is not known: a recording holds no contexts. */
  readonly context?: unknown;
}

/** By path; of several lives on one path the newest. */
export type StageActors = ReadonlyMap<string, StageActor>;
