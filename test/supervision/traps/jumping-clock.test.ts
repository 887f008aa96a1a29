/** Trap: XState's SimulatedClock jumps to the end of an increment, so a chain of timers fires but once on the way. */
import { expect, test } from 'vitest';
import { createActor, SimulatedClock, setup } from 'xstate';
import { VirtualClock } from '../../../src/supervision/virtual-clock.ts';

const chain = setup({ delays: { pause: 10 } }).createMachine({
  initial: 'first',
  states: {
    first: { after: { pause: 'second' } },
    second: { after: { pause: 'third' } },
    third: { after: { pause: 'last' } },
    last: {},
  },
});

test('XState alone: after ten pauses the machine is in its second state', () => {
  const clock = new SimulatedClock();
  const actor = createActor(chain, { clock }).start();
  clock.increment(100);
  expect(actor.getSnapshot().value).toBe('second');
});

test('on the clock of our tests it goes as it would in real time', async () => {
  const clock = new VirtualClock();
  const actor = createActor(chain, { clock }).start();
  await clock.advance(29);
  expect(actor.getSnapshot().value).toBe('third');
  await clock.advance(1);
  expect(actor.getSnapshot().value).toBe('last');
});
