/** Trap: a machine restored from a snapshot has lost its delayed transitions (issue 5331), so nothing is restored. */
import { expect, test } from 'vitest';
import { createActor, setup } from 'xstate';
import { findChild } from '../../../src/supervision/actor-tree.ts';
import { childSpec } from '../../../src/supervision/supervisor-spec.ts';
import { VirtualClock } from '../../../src/supervision/virtual-clock.ts';
import { crash, openStage } from '../stage.ts';
import { filesWith } from './product-sources.ts';

const patient = setup({
  types: { events: {} as { type: 'crash' | 'shutdown' } },
  delays: { patience: 100 },
  actions: {
    crash: () => {
      throw new Error('crash');
    },
  },
}).createMachine({
  initial: 'waiting',
  on: { crash: { actions: 'crash' } },
  states: { waiting: { after: { patience: 'tired' } }, tired: {} },
});

test('XState alone: a restored machine waits for ever', async () => {
  const clock = new VirtualClock();
  const snapshot = createActor(patient, { clock }).start().getPersistedSnapshot();
  const restored = createActor(patient, { clock: new VirtualClock(), snapshot }).start();
  await clock.advance(1000);
  expect(restored.getSnapshot().value).toBe('waiting');
});

test('a child that comes back begins anew, with a timer of its own', async () => {
  const { start, clock } = openStage();
  const root = await start({}, [childSpec({ id: 'a', start: { logic: patient } })]);
  await clock.advance(60);
  crash(root, 'a');
  await clock.advance(99);
  expect(findChild(root.supervisor, 'a')?.getSnapshot().value).toBe('waiting');
  await clock.advance(1);
  expect(findChild(root.supervisor, 'a')?.getSnapshot().value).toBe('tired');
});

test('nothing in the product takes a snapshot to restore from', async () => {
  expect(await filesWith(/getPersistedSnapshot|syncSnapshot/u)).toEqual([]);
  expect(await filesWith(/(?:createActor|spawnChild|spawn)\([^;]*\bsnapshot\b/u)).toEqual([]);
});
