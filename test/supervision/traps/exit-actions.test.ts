/** Trap: XState runs no exit actions when it stops an actor, so they are no place for clearing up. */
import { expect, test } from 'vitest';
import { createActor, setup } from 'xstate';
import { chartOf } from '../../../src/charts/chart.ts';
import { terminateChild } from '../../../src/supervision/calls.ts';
import { childSpec } from '../../../src/supervision/supervisor-spec.ts';
import { answerOf, openStage } from '../stage.ts';
import { productMachines } from './product-machines.ts';

/** Notes when it leaves its working state, and so does the state that follows when it is asked to end. */
function leaving(note: (text: string) => void) {
  return setup({
    types: { events: {} as { type: 'shutdown' } },
    actions: { tellLeft: () => note('left'), tellClosed: () => note('closed') },
  }).createMachine({
    initial: 'working',
    states: {
      working: { exit: 'tellLeft', on: { shutdown: 'closed' } },
      closed: { type: 'final', entry: 'tellClosed' },
    },
  });
}

test('XState alone: a machine that is stopped does not leave its states', () => {
  const notes: string[] = [];
  createActor(leaving((text) => notes.push(text)))
    .start()
    .stop();
  expect(notes).toEqual([]);
});

test('a supervised child is asked, and ends by leaving its states', async () => {
  const stage = openStage();
  const { supervisor } = await stage.start({}, [
    childSpec({ id: 'a', start: { logic: leaving(stage.note) } }),
  ]);
  expect(await answerOf(stage, terminateChild(supervisor, 'a'))).toEqual({ ok: true });
  expect(stage.takeLog()).toEqual(['0 left', '0 closed']);
});

test('one that is ended by force does not, and what it holds outside is left to its kill', async () => {
  const stage = openStage();
  const kill = (cause: string): void => stage.note(`kill: ${cause}`);
  const { supervisor } = await stage.start({}, [
    childSpec({ id: 'a', shutdown: 'brutal_kill', start: { logic: leaving(stage.note), kill } }),
  ]);
  expect(await answerOf(stage, terminateChild(supervisor, 'a'))).toEqual({ ok: true });
  expect(stage.takeLog()).toEqual(['0 kill: brutal']);
});

test.each(await productMachines())('$name has no exit actions', ({ machine }) => {
  expect(chartOf(machine).nodes.filter(({ exit }) => exit.length > 0)).toEqual([]);
});
