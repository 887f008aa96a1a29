/** Trap: an actor that is done or has crashed stays among its parent's children until it is stopped. */
import { expect, test } from 'vitest';
import { createActor, fromCallback, fromPromise, setup } from 'xstate';
import { ignore } from '../../../machines/supervision/exit-reason.ts';
import { startChild, terminateChild } from '../../../src/supervision/calls.ts';
import { childSpec } from '../../../src/supervision/supervisor-spec.ts';
import { answerOf, crash, openStage } from '../stage.ts';
import { filesWith } from './product-sources.ts';

test('XState alone: fifty ended actors are fifty children', () => {
  const machine = setup({
    types: { events: {} as { type: 'spawn'; id: string } },
    actors: { done: setup({}).createMachine({ initial: 'end', states: { end: { type: 'final' } } }) },
  });
  const spawn = machine.spawnChild('done', { id: ({ event }) => event.id });
  const actor = createActor(machine.createMachine({ on: { spawn: { actions: spawn } } })).start();
  for (let count = 0; count < 50; count += 1) actor.send({ type: 'spawn', id: `child ${count}` });
  expect(Object.keys(actor.getSnapshot().children)).toHaveLength(50);
});

test('a supervisor keeps none of its children that ended, however they did', async () => {
  const stage = openStage();
  const { worker } = stage;
  const temporary = { restart: 'temporary' } as const;
  const root = await stage.start({ intensity: 9 }, [worker('stays')]);
  const { supervisor } = root;
  const failing = fromCallback(() => {
    throw new Error('no start');
  });
  const declining = setup({}).createMachine({
    initial: 'declined',
    states: { declined: { type: 'final' } },
    output: () => ignore,
  });
  const kill = () => Promise.reject(new Error('no kill'));
  const answers = [
    startChild(supervisor, worker('ends', { endAfter: 1 }, temporary)),
    startChild(supervisor, worker('crashes', { crashAfter: 1 }, temporary)),
    startChild(supervisor, worker('returns', { crashAfter: 1 })),
    startChild(supervisor, worker('terminated')),
    startChild(supervisor, worker('killed', {}, { shutdown: 'brutal_kill', start: { kill } })),
    startChild(supervisor, childSpec({ id: 'fails', start: { logic: failing } })),
    startChild(supervisor, childSpec({ id: 'declines', start: { logic: declining } })),
    startChild(
      supervisor,
      childSpec({ id: 'resolves', ...temporary, start: { logic: fromPromise(async () => 1) } }),
    ),
  ];
  for (const answer of answers) await answerOf(stage, answer);
  await stage.clock.advance(3);
  for (const id of ['terminated', 'killed', 'returns']) await answerOf(stage, terminateChild(supervisor, id));
  expect(Object.keys(supervisor.getSnapshot().children)).toEqual(['stays#1']);
  for (let life = 2; life < 8; life += 1) {
    crash(root, 'stays');
    await stage.clock.advance(10_000);
    expect(Object.keys(supervisor.getSnapshot().children)).toEqual([`stays#${life}`]);
  }
});

test('nothing else in the product spawns actors that end', async () => {
  expect(await filesWith(/\bspawn(?:Child)?\(/u, (path) => path.startsWith('machines/'))).toEqual([
    'machines/incarnation.machine.ts',
    'machines/supervisor.machine.ts',
    'machines/watchdog.machine.ts',
  ]);
});
