/** A machine as what is drawn of it: states, transitions and the names on them. Plain data; also read in the browser. */
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition, StateValue } from 'xstate';
import { edgeId } from './edge-id.ts';
import { eventLabel } from './event-label.ts';

/** A statechart; `nodes` holds parents before their children, both lists keep the order of the machine's file. */
export interface Chart {
  /** The machine's id, and that of its outermost node. */
  readonly id: string;
  readonly nodes: readonly ChartNode[];
  readonly edges: readonly ChartEdge[];
}

export interface ChartNode {
  /** XState's id of the state node: `agent.working.preparing`. */
  readonly id: string;
  readonly key: string;
  readonly parent: string | null;
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  /** Of a compound state: the id of the state it starts in. */
  readonly initial?: string;
  /** Of a history state. */
  readonly history?: 'shallow' | 'deep';
  readonly description?: string;
  readonly tags: readonly string[];
  /** The names of the actions. */
  readonly entry: readonly string[];
  readonly exit: readonly string[];
  readonly invokes: readonly ChartInvoke[];
}

/** An actor that lives as long as its state. */
export interface ChartInvoke {
  readonly id: string;
  readonly src: string;
}

export interface ChartEdge {
  /** See `edgeId`. */
  readonly id: string;
  readonly source: string;
  /** Ids of states; none for a transition that only acts, or forbids what an outer state would do. */
  readonly targets: readonly string[];
  /** The event's type as XState names it; '' for always. */
  readonly event: string;
  /** The event as people read it. */
  readonly label: string;
  readonly guard?: string;
  readonly actions: readonly string[];
  /** Leaves and enters its source even where the target is the source or within it. */
  readonly reenter: boolean;
  readonly description?: string;
}

/** The chart of a machine, the same whatever implementations it was provided. */
export function chartOf(machine: AnyStateMachine): Chart {
  const nodes = nodesFrom(machine.root);
  return { id: machine.id, nodes: nodes.map(chartNode), edges: nodes.flatMap(edgesFrom) };
}

/**
 * The ids of the states that are active at `value`, outer before inner. Needs no more of a chart than its id, since an
 * id is the machine's and the keys on the way; a test keeps our states from having others.
 */
export function activeStates({ id }: Pick<Chart, 'id'>, value: StateValue): string[] {
  const inner =
    typeof value === 'string'
      ? [`${id}.${value}`]
      : Object.entries(value).flatMap(([key, below]) => activeBelow(`${id}.${key}`, below));
  return [id, ...inner];
}

/** An atomic region of a parallel state has the value `{}`. */
function activeBelow(id: string, value: StateValue | undefined): string[] {
  return value === undefined ? [id] : activeStates({ id }, value);
}

function nodesFrom(node: AnyStateNode): AnyStateNode[] {
  return [node, ...Object.values(node.states).flatMap(nodesFrom)];
}

function chartNode(node: AnyStateNode): ChartNode {
  const initial = node.type === 'compound' ? node.initial.target[0]?.id : undefined;
  return {
    id: node.id,
    key: node.key,
    parent: node.parent?.id ?? null,
    type: node.type,
    ...(initial === undefined ? {} : { initial }),
    ...(node.history === false ? {} : { history: node.history }),
    ...(node.description === undefined ? {} : { description: node.description }),
    tags: node.tags,
    // Of the config: the node's own lists also hold what XState adds to start and cancel its timers.
    entry: namesOf(node.config.entry),
    exit: namesOf(node.config.exit),
    invokes: node.invoke.map(({ id, src }) => ({ id, src: nameOf(src) })),
  };
}

function edgesFrom(node: AnyStateNode): ChartEdge[] {
  const always = (node.always ?? []).map((transition, index) => chartEdge(transition, index));
  const onEvents = [...node.transitions.values()].flatMap((ofEvent) => ofEvent.map(chartEdge));
  return [...onEvents, ...always];
}

function chartEdge(transition: AnyTransitionDefinition, index: number): ChartEdge {
  const { source, target = [], eventType, guard, actions, reenter, description } = transition;
  return {
    id: edgeId(source.id, eventType, index),
    source: source.id,
    targets: target.map(({ id }) => id),
    event: eventType,
    label: eventLabel(eventType),
    ...(guard === undefined ? {} : { guard: nameOf(guard) }),
    actions: namesOf(actions),
    reenter,
    ...(description === undefined ? {} : { description }),
  };
}

function namesOf(one: unknown): string[] {
  if (one === undefined) return [];
  return Array.isArray(one) ? one.map(nameOf) : [nameOf(one)];
}

/** The name of an action, guard or actor; static params stand behind it in brackets. */
function nameOf(part: unknown): string {
  if (typeof part === 'string') return part;
  if (typeof part !== 'object' || part === null || !('type' in part)) return '(inline)';
  const params = 'params' in part && typeof part.params === 'object' ? Object.values(part.params ?? {}) : [];
  return params.length === 0 ? String(part.type) : `${part.type}(${params.join(', ')})`;
}
