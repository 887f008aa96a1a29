/** Trap: an error event names the actor by its id alone, so with ids used again the old one's crash is the new one's. */
import { expect, test } from 'vitest';
import { createActor, enqueueActions, setup } from 'xstate';
import { restartChild, terminateChild } from '../../../src/supervision/calls.ts';
import { describeTree } from '../../../src/supervision/describe-tree.ts';
import { childSpec } from '../../../src/supervision/supervisor-spec.ts';
import { answerOf, crash, openStage } from '../stage.ts';

const fragile = setup({
  types: { events: {} as { type: 'crash' } },
  actions: {
    crash: () => {
      throw new Error('crash');
    },
  },
}).createMachine({ on: { crash: { actions: 'crash' } } });

test('XState alone: the crash of a replaced actor arrives in the name of its successor', () => {
  const errors: string[] = [];
  const machine = setup({
    actors: { fragile },
    actions: {
      replaceIt: enqueueActions(({ enqueue }) => {
        enqueue.sendTo('child', { type: 'crash' });
        enqueue.stopChild('child');
        enqueue.spawnChild('fragile', { id: 'child' });
      }),
      noteError: ({ self }) => {
        errors.push(self.getSnapshot().children['child']?.getSnapshot().status ?? 'gone');
      },
    },
  }).createMachine({
    invoke: { id: 'child', src: 'fragile' },
    on: { replace: { actions: 'replaceIt' }, 'xstate.error.actor.child': { actions: 'noteError' } },
  });
  createActor(machine).start().send({ type: 'replace' });
  expect(errors).toEqual(['active']);
});

test('every life has an id of its own, so that news of an earlier one harm nobody', async () => {
  const { worker, start, clock, takeLog } = openStage();
  const root = await start({ intensity: 9 }, [worker('a'), worker('b')]);
  crash(root, 'a');
  await clock.advance(10);
  takeLog();
  const before = describeTree(root.supervisor);
  const stale = { actorId: 'a#1', error: new Error('crash') };
  root.supervisor.send({ type: 'xstate.error.actor.a#1', ...stale });
  const end = { type: 'exited', reason: { kind: 'killed' } } as const;
  const output = { pid: 'a#1', end, failedKills: [] };
  root.supervisor.send({ type: 'xstate.done.actor.a#1', actorId: 'a#1', output });
  await clock.advance(0);
  expect(describeTree(root.supervisor)).toEqual(before);
  expect(takeLog()).toEqual([]);
});

test('a child that crashes while it is being ended does not take the next life with it', async () => {
  const stage = openStage();
  const spec = childSpec({ id: 'a', start: { logic: fragile } });
  const root = await stage.start({ intensity: 0 }, [spec]);
  const ended = terminateChild(root.supervisor, 'a');
  const begun = restartChild(root.supervisor, 'a');
  crash(root, 'a');
  expect(await answerOf(stage, ended)).toEqual({ ok: true });
  expect(await answerOf(stage, begun)).toEqual({ ok: true, pid: 'a#2' });
  await stage.clock.advance(10_000);
  expect(describeTree(root.supervisor).children).toMatchObject([{ pid: 'a#2', state: 'running' }]);
});
