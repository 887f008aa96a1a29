/** Trap: a second delayed raise with the id of the first does not replace it; both fire. */
import { expect, test } from 'vitest';
import { createActor, setup } from 'xstate';
import { VirtualClock } from '../../../src/supervision/virtual-clock.ts';
import { crash, openStage } from '../stage.ts';
import { filesWith } from './product-sources.ts';

test('XState alone: both fire', async () => {
  const clock = new VirtualClock();
  let rings = 0;
  const bell = setup({
    types: { events: {} as { type: 'set' } | { type: 'ring' } },
    actions: {
      ring: () => {
        rings += 1;
      },
    },
  });
  const machine = bell.createMachine({
    on: {
      set: { actions: bell.raise({ type: 'ring' }, { delay: 10, id: 'alarm' }) },
      ring: { actions: 'ring' },
    },
  });
  const actor = createActor(machine, { clock }).start();
  actor.send({ type: 'set' });
  actor.send({ type: 'set' });
  await clock.advance(100);
  expect(rings).toBe(2);
});

test('a restart that is put off again is made once, at the later time', async () => {
  const { worker, start, clock, takeLog } = openStage();
  const backoff = { min: 100, max: 100, factor: 1, jitter: 0 };
  const flags = { strategy: 'rest_for_one', intensity: 9, period: 60, backoff } as const;
  const root = await start(flags, [worker('a'), worker('b')]);
  takeLog();
  for (const id of ['b', 'a']) {
    crash(root, id);
    expect(clock.pending).toBe(1);
    await clock.advance(60);
  }
  await clock.advance(1000);
  expect(takeLog()).toEqual(['0 -b', '60 -a', '160 +a', '160 +b']);
  expect(clock.pending).toBe(0);
});

test('only supervisors send themselves delayed events, and each has an id of its own', async () => {
  expect(await filesWith(/\bdelay[,:]/u, (path) => path.endsWith('.machine.ts'))).toEqual([
    'machines/supervisor.machine.ts',
  ]);
});
