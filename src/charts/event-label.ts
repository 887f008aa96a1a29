/** What an event's type is called where people read it. */

const prefixes: readonly (readonly [prefix: string, label: (rest: string) => string])[] = [
  ['xstate.done.actor.', (actor) => `done: ${actor}`],
  ['xstate.error.actor.', (actor) => `error: ${actor}`],
  ['xstate.snapshot.', (actor) => `snapshot: ${actor}`],
  ['xstate.done.state.', () => 'done'],
  ['xstate.after.', (rest) => `after ${delayLabel(rest.split('.')[0] ?? '')}`],
  ['xstate.init', () => 'start'],
  ['xstate.stop', () => 'stop'],
];

/** The label of an event type as XState names it: `xstate.after.tick.<state>` is `after tick`, '' is `always`. */
export function eventLabel(eventType: string): string {
  if (eventType === '') return 'always';
  if (eventType === '*') return 'any event';
  for (const [prefix, label] of prefixes) {
    if (eventType.startsWith(prefix)) return label(eventType.slice(prefix.length));
  }
  return eventType;
}

function delayLabel(delay: string): string {
  return /^\d+$/u.test(delay) ? `${delay} ms` : delay;
}
