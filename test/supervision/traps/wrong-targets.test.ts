/** Trap: a transition to a state that does not exist is no type error; it is thrown when the machine is made. */
import { expect, test } from 'vitest';
import { createActor, setup } from 'xstate';
import { defaultHooks } from '../../../machines/supervision/hooks.ts';
import { productMachines } from './product-machines.ts';

/** All that any machine of the product asks for. */
const input = {
  ...{ agent: 'kaede', agents: ['kaede'], stall: 1000, step: 1000 },
  ...{ resource: 'bus', subject: 'tracker', interval: 1000, tick: 1000 },
  ...{ flow: ['codegen'], maxAttempts: 1 },
  ...{ flags: {}, children: [] },
  spec: { id: 'a', start: { logic: setup({}).createMachine({}) }, shutdown: 5000 },
  birth: { id: 'a', pid: 'a#1', path: 'a', args: undefined, hooks: defaultHooks },
};

test('XState alone: the types let it pass', () => {
  const make = () =>
    setup({}).createMachine({ initial: 'here', states: { here: { on: { go: 'nowhere' } } } });
  expect(make).toThrow('nowhere');
});

test.each(await productMachines())('$name can be made and begun', ({ machine }) => {
  const parent = createActor(setup({}).createMachine({}));
  expect(createActor(machine, { input, parent }).getSnapshot()).toMatchObject({ status: 'active' });
});
