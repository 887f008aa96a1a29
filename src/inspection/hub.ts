/**
 * The one inspector of a tree of actors: it knows who lives, tells transitions to those who record them, and everything
 * to those who watch. While nobody does, an event costs it next to nothing. It never throws.
 */
import type { InspectedEventEvent, InspectedMicrostepEvent, InspectionEvent, Snapshot } from 'xstate';
import { Broadcast } from './broadcast.ts';
import { isInspectedActor, type LiveActor } from './live-actor.ts';
import { LiveActors } from './live-actors.ts';
import { RoutineFilter } from './routine.ts';
import { type Step, takeStep } from './step.ts';
import type { Transition } from './transition.ts';
import { baselineEvent, type Viewer, type WireEvent } from './wire-event.ts';
import { actorMessage, snapshotMessage } from './wire-message.ts';

export type TransitionListener = (transition: Transition) => void;

export interface HubOptions {
  /** Hears of the first error in the inspection itself; nobody else does. */
  readonly failed?: (error: unknown) => void;
}

export class InspectionHub {
  readonly #actors = new LiveActors();
  readonly #listeners = new Set<TransitionListener>();
  readonly #routine = new RoutineFilter();
  readonly #broadcast = new Broadcast({
    baseline: () => this.#baseline(),
    failed: (error) => this.#fail(error),
  });
  readonly #failed: (error: unknown) => void;
  #hasFailed = false;

  constructor({ failed = () => undefined }: HubOptions = {}) {
    this.#failed = failed;
  }

  /** For the `inspect` of the root actor's options: set later, it would miss the actors made by then. */
  readonly observer = (event: InspectionEvent): void => {
    try {
      this.#observe(event);
    } catch (error) {
      this.#fail(error);
    }
  };

  /** How many actors live. */
  get size(): number {
    return this.#actors.size;
  }

  /** Tells every transition of every machine from now on, except of incarnations: their children tell the same. */
  onTransition(listener: TransitionListener): () => void {
    this.#beginWatching();
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Sends a baseline at once, then what happens. Returns what ends it. */
  attach(viewer: Viewer): () => void {
    this.#beginWatching();
    return this.#broadcast.attach(viewer);
  }

  get #isWatched(): boolean {
    return this.#listeners.size > 0 || this.#broadcast.hasViewers;
  }

  /** Where they stand now is where their next transitions start. */
  #beginWatching(): void {
    if (this.#isWatched) return;
    for (const actor of this.#actors) takeStep(actor, actor.ref.getSnapshot(), 'active');
  }

  #observe(event: InspectionEvent): void {
    switch (event.type) {
      case '@xstate.actor':
        if (isInspectedActor(event.actorRef)) this.#actors.add(event.actorRef);
        break;
      case '@xstate.event':
        this.#hear(event);
        break;
      case '@xstate.microstep':
        if (this.#isWatched) this.#follow(event);
        break;
      case '@xstate.snapshot': {
        const actor = this.#actors.find(event.actorRef);
        if (actor) this.#show(actor, event.snapshot, event.event);
        break;
      }
      default:
      // Actions are part of the definition; what they do shows elsewhere.
    }
  }

  #hear({ actorRef, sourceRef, event }: InspectedEventEvent): void {
    if (sourceRef && isEnd(event.type)) this.#end(sourceRef);
    const actor = this.#actors.find(actorRef);
    if (!actor) return;
    if (!actor.isStarted && event.type === 'xstate.init') {
      this.#actors.start(actor);
      if (this.#broadcast.hasViewers) this.#broadcast.actor(actor);
    }
    if (!actor.isMidStep) actor.cause = event.type;
    if (actor.isStarted && this.#broadcast.hasViewers) {
      this.#broadcast.event(actor, event, sourceRef?.sessionId);
    }
    if (!actor.parent) this.#lookAfter(actor);
  }

  /** A crash by an exception is told to the parent alone: whether one without a parent has crashed is seen afterwards. */
  #lookAfter(actor: LiveActor): void {
    if (actor.isLookedAfter) return;
    actor.isLookedAfter = true;
    queueMicrotask(() => {
      actor.isLookedAfter = false;
      try {
        this.#end(actor.ref);
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  /**
   * An actor tells its parent of its end before XState shows its last snapshot; after an exception it shows none at all.
   * So it is shown here, and its end comes before what its parent does about it.
   */
  #end(ref: { readonly sessionId: string }): void {
    const actor = this.#actors.find(ref);
    const snapshot = actor?.ref.getSnapshot();
    if (actor && snapshot.status !== 'active') this.#show(actor, snapshot, { type: actor.cause });
  }

  #follow({ actorRef, event, _transitions }: InspectedMicrostepEvent): void {
    const actor = this.#actors.find(actorRef);
    if (!actor) return;
    if (actor.isStarted && !actor.isMidStep) {
      actor.isMidStep = true;
      actor.cause = event.type;
    }
    if (_transitions.length > 0) actor.taken.push(..._transitions);
  }

  #show(actor: LiveActor, snapshot: Snapshot<unknown>, event: { readonly type: string }): void {
    actor.isMidStep = false;
    if (actor.unstarted.size > 0) this.#actors.forgetUnstarted(actor);
    // An action that throws while its actor starts leaves the snapshot that is shown as it was.
    const { status } = actor.ref.getSnapshot();
    if (this.#isWatched) this.#tell(actor, snapshot, status, event);
    if (status !== 'active') this.#actors.remove(actor);
  }

  #tell(
    actor: LiveActor,
    snapshot: Snapshot<unknown>,
    status: Transition['status'],
    event: { readonly type: string },
  ): void {
    const step = takeStep(actor, snapshot, status);
    const transition = transitionOf(actor, step, event.type);
    if (transition && this.#routine.isRoutine(transition)) transition.routine = true;
    const { routine } = transition ?? {};
    if (this.#broadcast.hasViewers) {
      this.#broadcast.snapshot(actor, snapshot, { ...step, event, ...(routine && { routine }) });
    }
    if (!transition || actor.isIncarnation) return;
    for (const listener of this.#listeners) {
      try {
        listener(transition);
      } catch (error) {
        this.#fail(error);
      }
    }
  }

  /** Parents first, each as it stands now. */
  #baseline(): WireEvent[] {
    const at = Date.now();
    return [...this.#actors].flatMap((actor) => {
      try {
        const snapshot = actor.ref.getSnapshot();
        return [
          actorMessage(actor, snapshot, at),
          snapshotMessage(actor, snapshot, { event: { type: baselineEvent }, edges: [] }, at),
        ];
      } catch (error) {
        this.#fail(error);
        return [];
      }
    });
  }

  #fail(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#failed(error);
  }
}

/** Undefined when it is no machine, or stands where it stood. */
function transitionOf(
  { path, machine, life }: LiveActor,
  { from, to, status, edges, hasMoved }: Step,
  event: string,
): Transition | undefined {
  if (!hasMoved || to === null) return undefined;
  return { at: Date.now(), path, machine, life, event, from, to, status, edges: [...edges] };
}

function isEnd(type: string): boolean {
  return type.startsWith('xstate.done.actor.') || type.startsWith('xstate.error.actor.');
}
