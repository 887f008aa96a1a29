/** Timers, so that tests can bring their own. */
import type { ActorOptions, AnyActorLogic } from 'xstate';

/** What sets and clears timers: XState's `clock`. */
export type Timers = NonNullable<ActorOptions<AnyActorLogic>['clock']>;

/** A timer, and once it is due the turn of the event loop that it waits for. */
interface Waiting {
  readonly timer: NodeJS.Timeout;
  turn: NodeJS.Immediate | undefined;
}

/**
 * Node's own timers, with a turn of the event loop between any two that follow from each other: Node runs a timer that
 * becomes due while others run at once, before it looks at sockets and processes, so that a chain of short ones can
 * hold everything up.
 */
export const wallClock: Timers = {
  setTimeout(act, delay): Waiting {
    const waiting: Waiting = {
      timer: setTimeout(() => {
        waiting.turn = setImmediate(act);
      }, delay),
      turn: undefined,
    };
    return waiting;
  },
  clearTimeout({ timer, turn }: Waiting) {
    clearTimeout(timer);
    clearImmediate(turn);
  },
};
