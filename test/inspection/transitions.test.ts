import { expect, test } from 'vitest';
import { createActor, setup } from 'xstate';
import { chartOf } from '../../src/charts/chart.ts';
import { InspectionHub } from '../../src/inspection/hub.ts';
import { Transition } from '../../src/inspection/transition.ts';
import { supervisorSpec } from '../../src/supervision/supervisor-spec.ts';
import { tireless, WatchedTree, worker, workerMachine } from './watched-tree.ts';

const nested = () => new WatchedTree([supervisorSpec('upper', tireless, [worker('kaede')]), worker('botan')]);

test('a transition has its place in the supervision tree, its machine, its cause and its edges', async () => {
  const tree = nested();
  tree.transitions.length = 0;
  tree.send('upper/kaede', { type: 'work' });
  expect(tree.transitions).toEqual([
    {
      at: expect.closeTo(Date.now(), -4),
      path: 'upper/kaede',
      machine: 'worker',
      life: tree.child('upper/kaede').sessionId,
      event: 'work',
      from: 'idle',
      to: { working: 'going' },
      status: 'active',
      edges: ['worker.idle|work|0', 'worker.working.beginning||0'],
    },
  ]);
  expect(tree.transitions.map((transition) => Transition.parse(transition))).toEqual(tree.transitions);
  await tree.end();
});

test('the edges are those of the chart', async () => {
  const tree = nested();
  for (const type of ['work', 'rest', 'again', 'shutdown']) tree.send('botan', { type });
  const known = chartOf(workerMachine).edges.map(({ id }) => id);
  const taken = tree.transitions.filter(({ machine }) => machine === 'worker').flatMap(({ edges }) => edges);
  expect(taken.length).toBeGreaterThan(4);
  expect(taken.filter((edge) => !known.includes(edge))).toEqual([]);
  await tree.end();
});

test('the first of a life comes from nowhere, the last says how it ended, and the next life is another', async () => {
  const tree = nested();
  const first = tree.child('botan').sessionId;
  expect(tree.told('botan')).toEqual(['xstate.init: null → idle']);
  tree.send('botan', { type: 'work' });
  tree.send('botan', { type: 'shutdown' });
  await tree.clock.advance(0);
  expect(tree.told('botan')).toEqual([
    'work: idle → working.going',
    'shutdown: working.going → over (done)',
    'xstate.init: null → idle',
  ]);
  expect(tree.child('botan').sessionId).not.toBe(first);
  await tree.end();
});

test('a crash by an exception, of which XState shows no snapshot, is told before what the supervisor does about it', async () => {
  const tree = nested();
  tree.transitions.length = 0;
  tree.send('upper/kaede', { type: 'crash' });
  await tree.clock.advance(0);
  const paths = tree.transitions.map(({ path, status }) => `${path} ${status}`);
  expect(paths.slice(0, 3)).toEqual(['upper/kaede error', 'upper/kaede active', 'upper active']);
  expect(tree.told('upper/kaede')).toEqual(['crash: idle → idle (error)', 'xstate.init: null → idle']);
  await tree.end();
});

test('an event that only acts is none; one that leaves its state and enters it again is', async () => {
  const tree = nested();
  tree.transitions.length = 0;
  tree.send('botan', { type: 'note' });
  tree.send('botan', { type: 'unknown' });
  expect(tree.told('botan')).toEqual([]);
  tree.send('botan', { type: 'again' });
  expect(tree.told('botan')).toEqual(['again: idle → idle']);
  await tree.end();
});

test('the end of a tree is told of every machine, the youngest first; incarnations are left out', async () => {
  const tree = nested();
  tree.transitions.length = 0;
  await tree.end();
  const ends = tree.transitions.filter(({ status }) => status !== 'active').map(({ path }) => path);
  expect(ends).toEqual(['botan', 'upper/kaede', 'upper', '']);
  expect(tree.transitions.map(({ machine }) => machine)).not.toContain('incarnation');
});

test('who listens later is told from where a machine stands then', async () => {
  const hub = new InspectionHub();
  const actor = createActor(workerMachine, { input: {}, inspect: hub.observer }).start();
  actor.send({ type: 'work' });
  const told: Transition[] = [];
  const leave = hub.onTransition((transition) => told.push(transition));
  actor.send({ type: 'rest' });
  leave();
  actor.send({ type: 'work' });
  expect(told.map(({ from, to }) => [from, to])).toEqual([[{ working: 'going' }, 'idle']]);
});

test('a listener that throws harms neither the machine nor the other listeners, and is told of once', () => {
  const errors: unknown[] = [];
  const hub = new InspectionHub({ failed: (error) => errors.push(error) });
  const told: string[] = [];
  hub.onTransition(() => {
    throw new Error('listener');
  });
  hub.onTransition(({ event }) => told.push(event));
  const actor = createActor(workerMachine, { input: {}, inspect: hub.observer }).start();
  actor.send({ type: 'work' });
  actor.send({ type: 'rest' });
  expect(actor.getSnapshot().value).toBe('idle');
  expect(told).toEqual(['xstate.init', 'work', 'rest']);
  expect(errors).toEqual([new Error('listener')]);
});

test('a step on the way counts, even when the machine comes back to where it was within one event', () => {
  const hub = new InspectionHub();
  const told: Transition[] = [];
  hub.onTransition((transition) => told.push(transition));
  const machine = setup({}).createMachine({
    id: 'back',
    initial: 'home',
    states: { home: { on: { go: 'away' } }, away: { always: 'home' } },
  });
  const actor = createActor(machine, { inspect: hub.observer }).start();
  actor.send({ type: 'go' });
  expect(told.map(({ event, edges }) => ({ event, edges }))).toEqual([
    { event: 'xstate.init', edges: [] },
    { event: 'go', edges: ['back.home|go|0', 'back.away||0'] },
  ]);
});

test('a state that is its own target moves when a state below it is left and entered again', () => {
  const hub = new InspectionHub();
  const told: string[] = [];
  hub.onTransition(({ event, edges }) => told.push(`${event} ${edges}`));
  const machine = setup({}).createMachine({
    id: 'self',
    initial: 'deep',
    states: {
      deep: {
        initial: 'inner',
        states: { inner: { on: { stay: 'inner' } } },
        on: { again: 'deep' },
      },
    },
  });
  const actor = createActor(machine, { inspect: hub.observer }).start();
  actor.send({ type: 'again' });
  actor.send({ type: 'stay' });
  expect(told).toEqual(['xstate.init ', 'again self.deep|again|0']);
});

test('the crash of a machine without a parent, of which XState tells nothing, is told and ends it', async () => {
  const hub = new InspectionHub();
  const told: string[] = [];
  hub.onTransition(({ event, status }) => told.push(`${event} ${status}`));
  const actor = createActor(workerMachine, { input: {}, inspect: hub.observer });
  actor.subscribe({ error: () => undefined });
  actor.start().send({ type: 'crash' });
  await Promise.resolve();
  expect(told).toEqual(['xstate.init active', 'crash error']);
  expect(hub.size).toBe(0);
});
