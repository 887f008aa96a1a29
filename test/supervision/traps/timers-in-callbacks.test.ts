/** Trap: what a callback actor throws from a timer of its own is caught by nobody; what a machine does after a delay is. */
import { expect, test } from 'vitest';
import { createActor, fromCallback, setup } from 'xstate';
import { childSpec } from '../../../src/supervision/supervisor-spec.ts';
import { VirtualClock } from '../../../src/supervision/virtual-clock.ts';
import { openStage } from '../stage.ts';

test('XState alone: the error leaves the timer, and the actor knows nothing of it', async () => {
  const clock = new VirtualClock();
  const careless = fromCallback(() => {
    clock.setTimeout(() => {
      throw new Error('late');
    }, 10);
  });
  const actor = createActor(careless).start();
  await expect(clock.advance(10)).rejects.toThrow('late');
  expect(actor.getSnapshot().status).toBe('active');
});

test('an error in a delayed transition of a child is its crash, and it comes back', async () => {
  const { start, clock, reports } = openStage();
  const logic = setup({
    delays: { pause: 10 },
    actions: {
      fail: () => {
        throw new Error('late');
      },
    },
  }).createMachine({ initial: 'here', states: { here: { after: { pause: { actions: 'fail' } } } } });
  await start({}, [childSpec({ id: 'a', start: { logic } })]);
  await clock.advance(11);
  expect(reports).toMatchObject([
    { report: 'child_started', pid: 'a#1' },
    { report: 'child_terminated', pid: 'a#1', reason: { error: { message: 'late' } } },
    { report: 'child_restarted', pid: 'a#2' },
  ]);
});

test('a callback that hands such an error to its machine makes it the crash of the child', async () => {
  const { start, clock, reports } = openStage();
  const careful = fromCallback(({ sendBack }) => {
    clock.setTimeout(() => sendBack({ type: 'failed', error: new Error('late') }), 10);
  });
  const logic = setup({
    types: { events: {} as { type: 'failed'; error: Error } },
    actors: { careful },
    actions: {
      fail: ({ event }) => {
        throw event.error;
      },
    },
  }).createMachine({ invoke: { src: 'careful' }, on: { failed: { actions: 'fail' } } });
  await start({}, [childSpec({ id: 'a', restart: 'temporary', start: { logic } })]);
  await clock.advance(10);
  expect(reports.at(-1)).toMatchObject({
    report: 'child_terminated',
    reason: { error: { message: 'late' } },
  });
});
