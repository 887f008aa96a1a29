/** What a child spec's `start` says: which actor one life of the child is, and what supervises it from outside XState. */
import type { AnyActorLogic, InputFrom } from 'xstate';
import type { ChildSpec, ResolvedChildSpec } from './child-spec.ts';
import type { SupervisorHooks } from './hooks.ts';
import type { Pid } from './message.ts';

/**
 * How a life of a child begins, and how it is ended if it will not end itself. The logic obeys the child contract:
 *
 * - it answers `{ type: 'shutdown' }` by cleaning up and reaching a final state;
 * - its output is an `ExitReason`, nothing meaning `normal`; `ignore` while it starts means that it declines to run;
 * - it crashes by throwing, or by not handling the error of an actor of its own;
 * - with `ready: 'event'` it sends its parent `{ type: 'child.ready', info? }` once it works (`sendParent`).
 *
 * Logic that hears no events (a promise) or reaches no final state (a callback) takes `shutdown: 'brutal_kill'`.
 */
export interface ChildStart<Logic extends AnyActorLogic = AnyActorLogic> {
  readonly logic: Logic;
  /** The logic's input, or a function that makes it anew for each life, as OTP calls the start function anew. */
  readonly input?: InputFrom<Logic> | ((birth: Birth) => InputFrom<Logic>);
  /** A name for the living child in XState's actor system. A name that is taken fails the start. */
  readonly systemId?: string;
  /** When the start is complete: at once (`sync`, the default) or with the child's `child.ready` (`event`). */
  readonly ready?: 'sync' | 'event';
  /** Milliseconds the child has to become ready; later the start has failed. Default 30,000. */
  readonly startTimeout?: number | 'infinity';
  /**
   * Ends what XState cannot: a pane, a process group. Called when the child is ended by force, after its actors
   * have been stopped; never after an end of its own. Must be idempotent.
   */
  readonly kill?: (cause: KillCause) => Promise<void> | void;
  /** Milliseconds `kill` is waited for; what lives on after that is reported. Default 5,000. */
  readonly killTimeout?: number;
}

/** Why a child is ended by force: it did not start or stop in time, it was not to be asked, its supervisor is gone. */
export type KillCause = 'timeout' | 'brutal' | 'orphaned';

/** What is known of a life when it begins. */
export interface Birth {
  readonly id: string;
  readonly pid: Pid;
  /** From the root supervisor, ids joined by `/`; the root's own path is empty. */
  readonly path: string;
  /** Arguments of a dynamic child; undefined for a static one. */
  readonly args: unknown;
  /** Those of the supervisor, for a child that is a supervisor too. */
  readonly hooks: SupervisorHooks;
}

/** The spec of a child that is an actor. */
export type ActorChildSpec<Logic extends AnyActorLogic = AnyActorLogic> = ChildSpec<ChildStart<Logic>>;

/** The checked spec of a child that is an actor. */
export type ResolvedActorChildSpec = ResolvedChildSpec<ChildStart>;
