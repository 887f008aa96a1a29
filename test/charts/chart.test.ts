/** The chart of a machine: what it says of states and transitions, and which states are active at a value. */
import { describe, expect, test } from 'vitest';
import { createActor, createMachine, fromPromise } from 'xstate';
import { allMachines } from '../../src/charts/all-machines.ts';
import { activeStates, chartOf } from '../../src/charts/chart.ts';
import { everythingMachine } from './everything.machine.ts';

const chart = chartOf(everythingMachine);
const node = (id: string) => chart.nodes.find((each) => each.id === `everything${id}`);
const edge = (id: string) => chart.edges.find((each) => each.id === `everything${id}`);

describe('states', () => {
  test('stand in the order of the file, outer before inner', () => {
    expect(chart.nodes.map(({ id }) => id)).toEqual([
      'everything',
      'everything.simple',
      'everything.outer',
      'everything.outer.first',
      'everything.outer.last',
      'everything.outer.memory',
      'everything.both',
      'everything.both.left',
      'everything.both.right',
      'everything.both.right.up',
      'everything.both.right.down',
    ]);
  });

  test('the outermost is the machine', () => {
    expect(node('')).toEqual({
      id: 'everything',
      key: 'everything',
      parent: null,
      type: 'compound',
      initial: 'everything.simple',
      description: 'One of everything.',
      tags: [],
      entry: [],
      exit: [],
      invokes: [],
    });
  });

  test('entry and exit are as written: XState’s own work for delays is not among it', () => {
    expect(node('.simple')).toMatchObject({ tags: ['calm'], entry: ['greet'], exit: ['leave', 'greet'] });
  });

  test('an invoke has its id and its source', () => {
    expect(node('.outer')).toMatchObject({ invokes: [{ id: 'job', src: 'work' }] });
  });

  test('types are told apart; only a compound state has an initial one', () => {
    expect(node('.both')).toMatchObject({ type: 'parallel' });
    expect(node('.both')).not.toHaveProperty('initial');
    expect(node('.both.left')).toMatchObject({ type: 'atomic', parent: 'everything.both' });
    expect(node('.outer.last')).toMatchObject({ type: 'final' });
    expect(node('.outer.memory')).toMatchObject({ type: 'history', history: 'deep' });
  });
});

describe('transitions', () => {
  test.each([
    ['.simple|next|0', { label: 'next', guard: 'isAbove(3)', targets: ['everything.outer'] }],
    ['.simple|next|0', { description: 'Only above.', actions: [] }],
    ['.simple|next|1', { guard: 'isOpen', targets: ['everything.both'], actions: ['greet', 'leave'] }],
    ['.simple|again|0', { targets: ['everything.simple'], reenter: true }],
    ['.simple|xstate.after.patience.everything.simple|0', { label: 'after patience', reenter: false }],
    ['.simple|xstate.after.50.everything.simple|0', { label: 'after 50 ms' }],
    ['.outer|xstate.done.actor.job|0', { label: 'done: job', targets: ['everything.both'] }],
    ['.outer|xstate.error.actor.job|0', { label: 'error: job', targets: [], actions: ['leave'] }],
    ['.outer|xstate.done.state.everything.outer|0', { label: 'done' }],
    ['.outer.first||0', { event: '', label: 'always', guard: 'isOpen' }],
    ['.outer.first|reset|0', { targets: [], actions: [] }],
    ['.both|back|0', { targets: ['everything.outer.memory'] }],
    ['|reset|0', { source: 'everything', targets: ['everything.simple'] }],
    ['|ping|0', { targets: [], actions: ['greet(warm, 2)'] }],
  ])('everything%s', (id, expected) => {
    expect(edge(id)).toMatchObject(expected);
  });

  test('their ids are unique', () => {
    expect(new Set(chart.edges.map(({ id }) => id)).size).toBe(chart.edges.length);
  });

  test('a part without a name is called inline', () => {
    const machine = createMachine({
      id: 'm',
      entry: () => undefined,
      invoke: { id: 'i', src: fromPromise(async () => 0) },
    });
    expect(chartOf(machine).nodes).toMatchObject([{ entry: ['(inline)'] }]);
  });
});

test('a chart is data', () => {
  for (const machine of [everythingMachine, ...allMachines])
    expect(JSON.parse(JSON.stringify(chartOf(machine)))).toEqual(chartOf(machine));
});

test('implementations do not change it', () => {
  const provided = everythingMachine.provide({ actions: { greet: () => undefined } });
  expect(chartOf(provided)).toEqual(chart);
});

describe('active states', () => {
  test('are those XState has entered, whatever the value looks like', () => {
    const actor = createActor(everythingMachine).start();
    const paths = new Set<string>();
    for (const type of ['ping', 'next', 'back', 'next', 'inward', 'reset', 'again']) {
      const { value, _nodes } = actor.getSnapshot();
      expect(activeStates(chart, value).sort()).toEqual(_nodes.map(({ id }) => id).sort());
      paths.add(JSON.stringify(value));
      actor.send({ type });
    }
    actor.stop();
    expect(paths.size, 'several values were seen').toBeGreaterThan(1);
  });

  test('of a parallel state are those of all its regions', () => {
    expect(activeStates(chart, { both: { left: {}, right: 'down' } })).toEqual([
      'everything',
      'everything.both',
      'everything.both.left',
      'everything.both.right',
      'everything.both.right.down',
    ]);
  });
});
