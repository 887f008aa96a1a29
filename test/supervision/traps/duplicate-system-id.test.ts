/** Trap: a child spawned under a name that is taken in the actor system is an error of its parent, not its own. */
import { expect, test } from 'vitest';
import { createActor, setup } from 'xstate';
import { startChild } from '../../../src/supervision/calls.ts';
import { answerOf, crash, openStage } from '../stage.ts';

const named = { start: { systemId: 'bus' } } as const;

test('XState alone: the parent goes down', () => {
  const child = setup({}).createMachine({});
  const parent = setup({ actors: { child } }).createMachine({
    invoke: [
      { src: 'child', systemId: 'bus' },
      { src: 'child', systemId: 'bus' },
    ],
  });
  const actor = createActor(parent);
  actor.subscribe({ error: () => undefined });
  actor.start();
  expect(actor.getSnapshot()).toMatchObject({
    status: 'error',
    error: { message: expect.stringContaining("system ID 'bus' already exists") },
  });
});

test('it is a failed start of that life only: supervisor and siblings stay', async () => {
  const stage = openStage();
  const { supervisor } = await stage.start({}, [stage.worker('a', {}, named)]);
  const refused = await answerOf(stage, startChild(supervisor, stage.worker('b', {}, named)));
  expect(refused).toMatchObject({
    error: 'start_failed',
    reason: { error: { message: expect.stringContaining('already exists') } },
  });
  expect(supervisor.getSnapshot().value).toEqual({ running: 'idle' });
  expect(Object.keys(supervisor.getSnapshot().children)).toEqual(['a#1']);
  expect(stage.takeLog()).toEqual(['0 +a']);
});

test('in the initial list it fails the start of the supervisor, in good order', async () => {
  const stage = openStage();
  const { started } = await stage.start({}, [stage.worker('a', {}, named), stage.worker('b', {}, named)]);
  expect(await started).toMatchObject({
    ok: false,
    reason: { kind: 'shutdown', detail: { term: 'failed_to_start_child', id: 'b' } },
  });
  expect(stage.takeLog()).toEqual(['0 +a', '0 -a']);
});

test('a crash frees the name: each life takes it anew', async () => {
  const stage = openStage();
  const root = await stage.start({ intensity: 9 }, [stage.worker('a', {}, named)]);
  for (const life of [2, 3]) {
    crash(root, 'a');
    await stage.clock.advance(100);
    expect(Object.keys(root.supervisor.getSnapshot().children)).toEqual([`a#${life}`]);
    expect(root.supervisor.system.get('bus')?.getSnapshot()).toMatchObject({ status: 'active' });
  }
});
