/** Trap: a handler for `*` also handles the crash of a child, which nobody then hears of. */
import { expect, test } from 'vitest';
import { createActor, fromPromise, setup } from 'xstate';
import { chartOf } from '../../../src/charts/chart.ts';
import { childSpec } from '../../../src/supervision/supervisor-spec.ts';
import { openStage } from '../stage.ts';
import { productMachines } from './product-machines.ts';

const failing = fromPromise(() => Promise.reject(new Error('refused')));

test('XState alone: a parent with a wildcard takes no notice', async () => {
  const machine = setup({ actors: { failing } }).createMachine({
    invoke: { src: 'failing' },
    on: { '*': {} },
  });
  const actor = createActor(machine).start();
  await new Promise(setImmediate);
  expect(actor.getSnapshot().status).toBe('active');
});

test('an actor of a child that fails makes the child crash, as nothing else handles its error', async () => {
  const { start, clock, reports } = openStage();
  const machine = setup({ actors: { failing } }).createMachine({ invoke: { src: 'failing' } });
  await start({}, [childSpec({ id: 'a', restart: 'temporary', start: { logic: machine } })]);
  await clock.advance(0);
  expect(reports.at(-1)).toMatchObject({
    report: 'child_terminated',
    id: 'a',
    reason: { kind: 'error', error: { message: 'refused' } },
  });
});

test.each(await productMachines())('$name has no wildcard', ({ machine }) => {
  expect(chartOf(machine).edges.filter(({ event }) => event === '*')).toEqual([]);
});
