/** When reading the journal may stop: an end is given, and nothing up to it can follow any more. */
import type { Transition } from '../inspection/transition.ts';

/** How long, in ms, a clock may have run ahead before it was put back, without hiding what came afterwards. */
export const longestAhead = 60 * 60_000;

/**
 * Clocks are put forward and back, and a page is stored as long after what it tells as the bus was away. So one late
 * page proves nothing: pages must have been late for long, in what they tell and in when they were stored.
 */
export class ReadingEnd {
  readonly #end: number;
  /** When the first of the late pages was stored. */
  #lateSince: number | undefined;

  /** Milliseconds since the epoch; infinite when everything is wanted. */
  constructor(end: number) {
    this.#end = end;
  }

  /** Whether this page, and all that follow, come too late. */
  isBefore(storedAt: number, transitions: readonly Pick<Transition, 'at'>[]): boolean {
    const isLate = storedAt > this.#end && transitions.every(({ at }) => at > this.#end);
    if (!isLate) this.#lateSince = undefined;
    else this.#lateSince ??= storedAt;
    return this.#lateSince !== undefined && storedAt - this.#lateSince > longestAhead;
  }
}
