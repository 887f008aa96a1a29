/** What one snapshot of a machine means: where it came from, where it stands, and over which edges of its chart. */
import { type AnyStateNode, type AnyTransitionDefinition, isMachineSnapshot, type Snapshot } from 'xstate';
import { edgeIdOf } from '../charts/edge-id.ts';
import type { LiveActor } from './live-actor.ts';
import { isSameState } from './state-value.ts';
import type { StateValue, Transition } from './transition.ts';

/** Everything a machine did about one event. */
export interface Step {
  readonly from: StateValue | null;
  /** Null for an actor that is no machine. */
  readonly to: StateValue | null;
  readonly status: Transition['status'];
  readonly edges: readonly string[];
  /** Whether it stands elsewhere than before, or has left its state and entered it again. */
  readonly hasMoved: boolean;
}

/** Takes what the actor has done since the last step. */
export function takeStep(actor: LiveActor, snapshot: Snapshot<unknown>, status: Transition['status']): Step {
  const { taken, value: from } = actor;
  const to: StateValue | null = isMachineSnapshot(snapshot) ? snapshot.value : null;
  const hasMoved = status !== 'active' || !isSameState(from, to) || taken.some(isMove);
  const edges = taken.length === 0 ? noEdges : taken.map(edgeOf).filter((edge) => edge !== undefined);
  if (taken.length > 0) actor.taken = [];
  actor.value = to;
  return { from, to, status, edges, hasMoved };
}

const noEdges: readonly string[] = [];

/** Edges are few and taken often. */
const edges = new WeakMap<AnyTransitionDefinition, string>();

function edgeOf(transition: AnyTransitionDefinition): string | undefined {
  const known = edges.get(transition);
  if (known !== undefined) return known;
  const edge = edgeIdOf(transition);
  if (edge !== undefined) edges.set(transition, edge);
  return edge;
}

/**
 * Whether it leaves a state or enters one. One without a target only acts, and so does one from a state to itself, unless
 * that has states below it: they are left and entered.
 */
function isMove({ target, source, reenter }: AnyTransitionDefinition): boolean {
  return target?.some((state) => reenter || state !== source || isComposite(state)) ?? false;
}

const isComposite = ({ type }: AnyStateNode): boolean => type === 'compound' || type === 'parallel';
