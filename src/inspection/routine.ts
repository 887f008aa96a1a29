/** Which transitions are not worth a line: turns that the clock makes every few seconds, and signs of life that change nothing. */
import { isSameState } from './state-value.ts';
import type { Transition } from './transition.ts';

/** They look from time to time whether a change went unseen. */
const lookers = new Set(['reconciler', 'scheduler']);

/**
 * Left out are the round of a reconciler or of the scheduler that its interval began, if it ends where it began, and a
 * watched agent's further sign of life. An idle daemon would record some 150 transitions a minute, and none without.
 */
export class RoutineFilter {
  /** Who is on a round that the clock began. */
  readonly #rounds = new Set<string>();

  isRoutine({ machine, life, event, from, to, status }: Transition): boolean {
    if (status !== 'active' || from === null) {
      this.#rounds.delete(life);
      return false;
    }
    if (machine === 'stall') return event === 'evidence.seen' && isSameState(from, to);
    if (!lookers.has(machine)) return false;
    if (event.startsWith('xstate.after.')) {
      this.#rounds.add(life);
      return true;
    }
    return this.#rounds.delete(life) && isRest(to);
  }
}

/** Both machines rest in `<working state>.resting`. */
const isRest = (value: Transition['to']): boolean =>
  typeof value === 'object' && Object.values(value).every((below) => below === 'resting');
