/** Timers, so that tests can bring their own. */
import type { ActorOptions, AnyActorLogic } from 'xstate';

/** What sets and clears timers: XState's `clock`. */
export type Timers = NonNullable<ActorOptions<AnyActorLogic>['clock']>;

/** Node's own timers. */
export const wallClock: Timers = { setTimeout, clearTimeout };
