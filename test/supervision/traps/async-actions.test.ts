/** Trap: nobody looks at what an action returns, so one that is asynchronous fails unheard and ends the process. */
import { expect, test } from 'vitest';
import { createActor, setup } from 'xstate';
import { productMachines } from './product-machines.ts';
import { filesWith } from './product-sources.ts';

const AsyncFunction = (async () => undefined).constructor as FunctionConstructor;

test('XState alone: the promise of an action is dropped', async () => {
  let isHeard = false;
  const promise = {
    // biome-ignore lint/suspicious/noThenProperty: it looks for whoever awaits.
    then: () => {
      isHeard = true;
    },
  };
  const machine = setup({ actions: { save: () => promise as never } }).createMachine({ entry: 'save' });
  const actor = createActor(machine).start();
  await new Promise(setImmediate);
  expect(isHeard).toBe(false);
  expect(actor.getSnapshot().status).toBe('active');
});

test.each(await productMachines())('$name acts, guards and waits without promises', ({ machine }) => {
  const { actions, guards, delays } = machine.implementations;
  const parts = Object.entries({ ...actions, ...guards, ...delays });
  expect(parts.filter(([, part]) => part instanceof AsyncFunction).map(([name]) => name)).toEqual([]);
});

test('actors bring their machines no actions, only actors, and those that call back are no promises', async () => {
  expect(await filesWith(/\bactions:/u, (path) => path.startsWith('src/actors/'))).toEqual([]);
  expect(await filesWith(/fromCallback(?:<[^(]*>)?\(\s*async\b/u)).toEqual([]);
});
