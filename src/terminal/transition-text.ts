/** A transition in the words of people: moves, causes, places. What it returns may hold control characters still. */

import { stateText } from '../inspection/state-value.ts';
import type { Transition } from '../inspection/transition.ts';

/** `opening → open`, `started in opening`, `closing → closed (done)`. */
export function moveText({ from, to, status }: Pick<Transition, 'from' | 'to' | 'status'>): string {
  const move = from === null ? `started in ${stateText(to)}` : `${stateText(from)} → ${stateText(to)}`;
  return status === 'active' ? move : `${move} (${status})`;
}

const causes: readonly [RegExp, (name: string) => string][] = [
  // XState numbers what a state invokes without a name of its own.
  [/^xstate\.done\.actor\.(?:\d+\.)?(.+)$/u, (name) => `${name} done`],
  [/^xstate\.error\.actor\.(?:\d+\.)?(.+)$/u, (name) => `${name} failed`],
  [/^xstate\.after\.([^.]+)\./u, (name) => (/^\d+$/u.test(name) ? `${name} ms passed` : `${name} passed`)],
  [/^$/u, () => 'its condition holds'],
];

/** `by openPane done`: what XState's own events mean, any other as it is called. Empty for a start, which says it itself. */
export function causeText(event: string): string {
  return event === 'xstate.init' ? '' : `by ${causeOf(event)}`;
}

function causeOf(event: string): string {
  for (const [pattern, wording] of causes) {
    const found = pattern.exec(event);
    if (found) return wording(found[1] ?? '');
  }
  return event;
}

/** The root has no path of its own. */
export const placeText = (path: string): string => (path === '' ? 'orchestra' : path);
