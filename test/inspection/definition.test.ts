import { expect, test } from 'vitest';
import { assign, setup } from 'xstate';
import { paneMachine } from '../../machines/pane.machine.ts';
import { resourceMachine } from '../../machines/resource.machine.ts';
import { definitionOf } from '../../src/inspection/definition.ts';

test('the states stand as they were authored, and one may be called what else is left out', () => {
  const machine = setup({}).createMachine({
    id: 'order',
    initial: 'zebra',
    states: {
      zebra: { on: { go: 'ape' } },
      ape: {},
      context: {},
      input: { initial: 'output', states: { output: {} } },
    },
  });
  expect(JSON.parse(definitionOf(machine, 'x'))).toEqual({
    id: 'order',
    initial: 'zebra',
    states: {
      zebra: { on: { go: 'ape' } },
      ape: {},
      context: {},
      input: { initial: 'output', states: { output: {} } },
    },
  });
  expect(Object.keys(JSON.parse(definitionOf(machine, 'x')).states)).toEqual([
    'zebra',
    'ape',
    'context',
    'input',
  ]);
});

test('what makes data is left out, and a function is its name', () => {
  const secret = 'S3CR3T';
  function isNamed(): boolean {
    return true;
  }
  const machine = setup({
    actors: { resource: resourceMachine },
    actions: { tell: (_, _params: { a: number }) => undefined },
  }).createMachine({
    id: 'data',
    context: { password: secret },
    entry: assign({}),
    invoke: { id: 'r', src: 'resource', input: { resource: secret }, onDone: { actions: () => undefined } },
    on: { go: { guard: isNamed, actions: { type: 'tell', params: { a: 1 } } } },
    output: { password: secret },
  });
  const definition = definitionOf(machine, 'x');
  expect(definition).not.toContain(secret);
  expect(JSON.parse(definition)).toMatchObject({
    id: 'data',
    entry: { type: 'assign' },
    invoke: { id: 'r', src: 'resource' },
    on: { go: { guard: { type: 'isNamed' }, actions: { type: 'tell', params: { a: 1 } } } },
  });
});

test('all copies of a machine share one definition', () => {
  const provided = paneMachine.provide({});
  expect(provided).not.toBe(paneMachine);
  expect(definitionOf(provided, 'x')).toBe(definitionOf(paneMachine, 'y'));
  expect(JSON.parse(definitionOf(paneMachine, 'x')).id).toBe('pane');
});
