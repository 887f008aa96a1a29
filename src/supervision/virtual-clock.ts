/** Time that passes only when it is told to, for tests; a `clock` for XState and the `now` of supervisors. */
import { setImmediate as nextTurn } from 'node:timers/promises';

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/**
 * Unlike XState's SimulatedClock it does not jump: each timer fires at its own time, in order of time and then of
 * setting, and between two timers all that has been set off by then runs to its end. So a chain of timers, or of
 * promises and timers, goes as it would in real time.
 */
export class VirtualClock {
  #now = 0;
  #lastHandle = 0;
  readonly #timers = new Map<number, Timer>();

  /** Milliseconds since the clock was made. */
  readonly now = (): number => this.#now;

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size;
  }

  readonly setTimeout = (callback: () => void, milliseconds: number): number => {
    this.#lastHandle += 1;
    this.#timers.set(this.#lastHandle, { due: this.#now + Math.max(0, milliseconds), callback });
    return this.#lastHandle;
  };

  readonly clearTimeout = (handle: unknown): void => {
    if (typeof handle === 'number') this.#timers.delete(handle);
  };

  /** Lets so many milliseconds pass. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await nextTurn();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      const [handle, { due, callback }] = next;
      this.#timers.delete(handle);
      this.#now = Math.max(this.#now, due);
      callback();
      await nextTurn();
    }
    this.#now = end;
  }

  /** The timer due first, if it is due by `end`. Of those due together a Map yields the one set first. */
  #next(end: number): [number, Timer] | undefined {
    let first: [number, Timer] | undefined;
    for (const entry of this.#timers) {
      if (entry[1].due <= end && (!first || entry[1].due < first[1].due)) first = entry;
    }
    return first;
  }
}
