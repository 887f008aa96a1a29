/** One actor that lives now, and what the hub remembers of it: where it is in the supervision tree and where it stood last. */
import { Actor, type AnyActorLogic, type AnyTransitionDefinition, StateMachine } from 'xstate';
import { type Incarnation, incarnationId } from '../../machines/supervision/subtree.ts';
import type { StateValue } from './transition.ts';

/** An actor as the inspector shows it; XState's own type for that leaves out what it is made of. */
export type InspectedActor = Actor<AnyActorLogic>;

export class LiveActor {
  readonly ref: InspectedActor;
  readonly parent: LiveActor | undefined;
  /** The machine's id; empty for an actor that is none, such as a promise. */
  readonly machine: string;
  /** Children that were made and have not been started; some never are, and nothing tells of their end. */
  readonly unstarted = new Set<LiveActor>();
  isStarted = false;
  /** Whether it has begun to deal with an event: what it raises by itself from then on is no new cause. */
  isMidStep = false;
  /** Whether it will be looked at once what it is doing is done. */
  isLookedAfter = false;
  /** The type of the last event that was sent to it. */
  cause = 'xstate.init';
  /** The state that was told last; null before the first. */
  value: StateValue | null = null;
  /** The transitions taken since then. */
  taken: AnyTransitionDefinition[] = [];
  #path: string | undefined;

  constructor(ref: InspectedActor, parent: LiveActor | undefined) {
    this.ref = ref;
    this.parent = parent;
    this.machine = ref.logic instanceof StateMachine ? ref.logic.id : '';
  }

  /** Unique within one boot of the daemon. */
  get life(): string {
    return this.ref.sessionId;
  }

  get root(): string {
    return this.parent?.root ?? this.life;
  }

  /** Whether it is the frame that a supervisor puts around each life of a child. */
  get isIncarnation(): boolean {
    return this.machine === incarnationId;
  }

  /**
   * In the supervision tree: '' is the root, a supervised child has its supervisor's ids joined by `/` (and so has the
   * incarnation around it), and what is below a child has its actor ids appended. Found when it is asked for.
   */
  get path(): string {
    this.#path ??= this.#findPath();
    return this.#path;
  }

  /** How people call it: a child by its spec, a life of it by its pid, any other actor by its id. */
  get name(): string {
    if (!this.parent) return this.ref.id === this.life && this.machine ? this.machine : this.ref.id;
    return this.parent.isIncarnation && this.ref.id === 'child' ? lastOf(this.path) : this.ref.id;
  }

  #findPath(): string {
    if (!this.parent) return '';
    if (this.isIncarnation) return incarnationOf(this.ref).birth.path;
    if (this.parent.isIncarnation && this.ref.id === 'child') return this.parent.path;
    return this.parent.path === '' ? this.ref.id : `${this.parent.path}/${this.ref.id}`;
  }
}

/** XState types the context of an actor of unknown logic as any; the machine's id tells what it holds. */
function incarnationOf(ref: InspectedActor): Incarnation {
  return ref.getSnapshot().context;
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Narrows what an inspection event shows; everything that XState itself runs is one. */
export function isInspectedActor(ref: unknown): ref is InspectedActor {
  return ref instanceof Actor;
}
