/** Two looks before anything is done: what is being made at this moment may look like nobody's. No I/O. */
import type { FoundOrphan } from './orphan.ts';

export class Looks {
  readonly #gapMs: number;
  /** When each was first seen in a row of looks without a break. */
  #seen = new Map<string, number>();

  /** @param gapMs how far apart the two looks have to be */
  constructor(gapMs: number) {
    this.#gapMs = gapMs;
  }

  /** Takes in what a look at `now` (ms of a clock that never jumps) has found. @returns those that an earlier one saw too */
  take(found: readonly FoundOrphan[], now: number): FoundOrphan[] {
    const before = this.#seen;
    this.#seen = new Map(found.map(({ identity }) => [identity, before.get(identity) ?? now]));
    return found.filter(({ identity }) => now - (this.#seen.get(identity) ?? now) >= this.#gapMs);
  }
}
