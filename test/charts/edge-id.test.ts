/** Transitions as they are taken have the ids of the chart, whichever copy of the machine takes them. */
import { expect, test } from 'vitest';
import { type AnyStateMachine, createActor } from 'xstate';
import { chartOf } from '../../src/charts/chart.ts';
import { edgeIdOf } from '../../src/charts/edge-id.ts';
import { everythingMachine } from './everything.machine.ts';

/** The ids of the transitions that these events set off, in order. */
function taken(machine: AnyStateMachine, events: readonly string[]): (string | undefined)[] {
  const ids: (string | undefined)[] = [];
  const actor = createActor(machine, {
    inspect(event) {
      if (event.type === '@xstate.microstep') ids.push(...event._transitions.map(edgeIdOf));
    },
  }).start();
  for (const type of events) actor.send({ type });
  actor.stop();
  return ids;
}

const events = ['again', 'next', 'ping', 'reset'];
const expected = [
  'everything.simple|again|0',
  'everything.simple|next|0',
  // Of the outer state's initial one, at once.
  'everything.outer.first||0',
  'everything.outer|xstate.done.state.everything.outer|0',
  'everything|ping|0',
  'everything|reset|0',
];

test('each is named by its source, event and place', () => {
  expect(taken(everythingMachine, events)).toEqual(expected);
});

test('a provided machine has other transitions with the same ids', () => {
  const provided = everythingMachine.provide({ guards: { isOpen: () => true } });
  expect(provided.root).not.toBe(everythingMachine.root);
  expect(taken(provided, events)).toEqual(expected);
});

test('the second of an event is told from the first', () => {
  const provided = everythingMachine.provide({ guards: { isAbove: () => false } });
  expect(taken(provided, ['next'])).toEqual(['everything.simple|next|1']);
});

test('all of them are in the chart', () => {
  const known = chartOf(everythingMachine).edges.map(({ id }) => id);
  expect(known).toEqual(expect.arrayContaining(expected));
});

test('what stands in no chart has none', () => {
  const { initial } = everythingMachine.root;
  expect(edgeIdOf(initial)).toBeUndefined();
});
