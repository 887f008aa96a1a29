import { expect, test } from 'vitest';
import { createActor, fromPromise, setup, spawnChild, stopChild } from 'xstate';
import { InspectionHub } from '../../src/inspection/hub.ts';
import { childSpec, supervisorSpec } from '../../src/supervision/supervisor-spec.ts';
import { tireless, WatchedTree, worker } from './watched-tree.ts';

test('thousands of restarts, by crash, by end and by force, leave no actor behind in the registry', async () => {
  const names = ['one', 'two', 'three'];
  const tree = new WatchedTree([
    supervisorSpec(
      'upper',
      { ...tireless, strategy: 'one_for_all' },
      names.map((name) => worker(name)),
    ),
    worker('alone'),
  ]);
  const begin = tree.hub.size;
  // The root; an incarnation and an actor for the supervisor and each of the four workers.
  expect(begin).toBe(1 + 2 + 2 * 4);
  for (let round = 0; round < 400; round += 1) {
    for (const path of ['upper/one', 'upper/three', 'alone']) {
      // With actors of its own, which a crash leaves running until they are swept.
      tree.send(path, { type: 'work' });
      tree.send(path, { type: round % 2 === 0 ? 'crash' : 'shutdown' });
      await tree.clock.advance(2_000);
    }
  }
  const lives = tree.transitions.filter(({ from, machine }) => from === null && machine === 'worker');
  expect(lives.length).toBeGreaterThan(2_800);
  expect(tree.hub.size).toBe(begin);
  await tree.end();
  expect(tree.hub.size).toBe(0);
});

test('a tree that is ended by force is empty too', async () => {
  const tree = new WatchedTree([supervisorSpec('upper', tireless, [worker('kaede')])]);
  tree.send('upper/kaede', { type: 'work' });
  expect(tree.hub.size).toBe(7);
  tree.root.stop();
  expect(tree.hub.size).toBe(0);
});

const never = fromPromise(() => new Promise(() => undefined));

test('an actor that was made and never started is forgotten, with those it had made', () => {
  const hub = new InspectionHub();
  const nest = setup({ actors: { never } }).createMachine({
    id: 'nest',
    invoke: { id: 'egg', src: 'never' },
  });
  const machine = setup({ actors: { nest } }).createMachine({
    id: 'fickle',
    on: { change: { actions: [spawnChild('nest', { id: 'a' }), stopChild('a')] } },
  });
  const actor = createActor(machine, { inspect: hub.observer }).start();
  for (let round = 0; round < 100; round += 1) actor.send({ type: 'change' });
  expect(hub.size).toBe(1);
});

test('so is one whose maker crashed between the making and the start', async () => {
  const logic = setup({
    actors: { never },
    actions: {
      crash: () => {
        throw new Error('crash');
      },
    },
  }).createMachine({
    id: 'broken',
    on: { crash: { actions: [spawnChild('never', { id: 'a' }), 'crash'] } },
  });
  const tree = new WatchedTree([childSpec({ id: 'broken', start: { logic } })]);
  for (let round = 0; round < 100; round += 1) {
    tree.send('broken', { type: 'crash' });
    await tree.clock.advance(2_000);
  }
  expect(tree.hub.size).toBe(3);
  await tree.end();
});

test('so is a root that crashes while it starts, of which XState shows a snapshot as if it lived', () => {
  const hub = new InspectionHub();
  const told: string[] = [];
  hub.onTransition(({ status }) => told.push(status));
  const machine = setup({
    actions: {
      crash: () => {
        throw new Error('crash');
      },
    },
  }).createMachine({ id: 'broken', entry: 'crash' });
  const actor = createActor(machine, { inspect: hub.observer });
  actor.subscribe({ error: () => undefined });
  actor.start();
  expect(told).toEqual(['error']);
  expect(hub.size).toBe(0);
});
