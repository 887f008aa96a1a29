import { expect, test } from 'vitest';
import { type AnyActorRef, assign, createActor, fromPromise, setup, spawnChild } from 'xstate';
import { InspectionHub } from '../../src/inspection/hub.ts';
import type { SnapshotMessage, Viewer } from '../../src/inspection/wire-event.ts';
import { supervisorSpec } from '../../src/supervision/supervisor-spec.ts';
import { KeepingViewer, reached, until } from './keeping-viewer.ts';
import { tireless, WatchedTree, worker, workerMachine } from './watched-tree.ts';

const nested = () => new WatchedTree([supervisorSpec('upper', tireless, [worker('kaede')]), worker('botan')]);

test('a late joiner gets all that lives, parents first, each with its definition and where it stands now', async () => {
  const tree = nested();
  tree.send('upper/kaede', { type: 'work' });
  tree.send('botan', { type: 'crash' });
  await tree.clock.advance(0);
  const viewer = new KeepingViewer();
  tree.hub.attach(viewer);
  const actors = viewer.baseline.filter((event) => event.type === '@xstate.actor');
  expect(actors.map(({ orchestra: { path, machine }, name }) => `${path} ${machine} ${name}`)).toEqual([
    ' supervisor orchestra',
    'upper incarnation upper#1',
    'upper supervisor upper',
    'upper/kaede incarnation kaede#1',
    'upper/kaede worker kaede',
    'upper/kaede/promise  promise',
    'upper/kaede/callback  callback',
    'botan incarnation botan#2',
    'botan worker botan',
  ]);
  const known = new Set<string>();
  for (const { sessionId, parentId, rootId, definition, _version, id } of actors) {
    expect(parentId === undefined || known.has(parentId)).toBe(true);
    expect({ rootId, _version, id }).toEqual({ rootId: actors[0]?.sessionId, _version: '0.7.2', id: null });
    expect(JSON.parse(definition)).toHaveProperty('id');
    known.add(sessionId);
  }
  const kaede = viewer.baseline.filter(({ orchestra }) => orchestra.path === 'upper/kaede');
  expect(kaede.map((event) => [event.type, 'snapshot' in event && event.snapshot.value])).toEqual([
    ['@xstate.actor', 'running'],
    ['@xstate.snapshot', 'running'],
    ['@xstate.actor', { working: 'going' }],
    ['@xstate.snapshot', { working: 'going' }],
  ]);
  await tree.end();
});

test('what happens is sent in order: the event, the snapshot with the edges taken, who comes and who goes', async () => {
  const tree = nested();
  const viewer = new KeepingViewer();
  tree.hub.attach(viewer);
  tree.send('botan', { type: 'work', task: '12' });
  tree.send('botan', { type: 'rest' });
  await reached(viewer, 'rest');
  const life = tree.child('botan').sessionId;
  const told = viewer.events.map((event) => {
    const { path } = event.orchestra;
    if (event.type === '@xstate.actor') return `${path} comes`;
    if (event.type === '@xstate.event') return `${path} hears ${event.event.type}`;
    return `${path} ${event.snapshot.status} ${JSON.stringify(event.snapshot.value ?? null)}`;
  });
  expect(told.filter((text) => !text.includes('callback'))).toEqual([
    'botan hears work',
    'botan/promise comes',
    'botan/promise hears xstate.init',
    'botan/promise active null',
    'botan active {"working":"going"}',
    'botan hears rest',
    'botan/promise stopped null',
    'botan active "idle"',
  ]);
  expect(viewer.events[0]).toMatchObject({ sessionId: life, event: { type: 'work', task: '12' } });
  expect(viewer.snapshotsOf('botan').map(({ orchestra }) => orchestra.edges)).toEqual([
    ['worker.idle|work|0', 'worker.working.beginning||0'],
    ['worker.working|rest|0'],
  ]);
  await tree.end();
});

test('a crash is shown, though XState shows no snapshot of it', async () => {
  const tree = nested();
  const viewer = new KeepingViewer();
  tree.hub.attach(viewer);
  const life = tree.child('botan').sessionId;
  tree.send('botan', { type: 'crash' });
  await tree.clock.advance(0);
  await until(() => expect(viewer.snapshotsOf('botan')).toHaveLength(2));
  const [end, begin] = viewer.snapshotsOf('botan');
  expect(end).toMatchObject({
    sessionId: life,
    event: { type: 'crash' },
    snapshot: { status: 'error', error: { name: 'Error', message: 'told to crash' } },
  });
  expect(begin?.sessionId).not.toBe(life);
  await tree.end();
});

test('a viewer who comes later is not sent what the baseline holds already, and disturbs no other', async () => {
  const tree = nested();
  const [first, second] = [new KeepingViewer(), new KeepingViewer()];
  tree.hub.attach(first);
  tree.send('botan', { type: 'work' });
  const leave = tree.hub.attach(second);
  tree.send('botan', { type: 'rest' });
  await reached(second, 'rest');
  const values = (viewer: KeepingViewer) => viewer.snapshotsOf('botan').map(({ snapshot }) => snapshot.value);
  expect(values(first)).toEqual([{ working: 'going' }, 'idle']);
  expect(values(second)).toEqual(['idle']);
  expect(first.baselines).toHaveLength(1);
  leave();
  tree.send('botan', { type: 'again' });
  await reached(first, 'again');
  expect(values(second)).toEqual(['idle']);
  await tree.end();
});

test('a slow viewer is sent nothing until it has caught up, and then how things stand; the others do not wait', async () => {
  const tree = nested();
  const [quick, slow] = [new KeepingViewer(), new KeepingViewer()];
  tree.hub.attach(quick);
  tree.hub.attach(slow);
  slow.slow = true;
  tree.send('botan', { type: 'work' });
  await reached(quick, 'work');
  tree.send('upper/kaede', { type: 'crash' });
  await tree.clock.advance(0);
  await reached(quick, 'crash');
  expect([slow.baselines.length, slow.events]).toEqual([1, []]);
  slow.slow = false;
  await until(() => expect(slow.baselines).toHaveLength(2));
  const stands = slow.baseline.filter(
    (event): event is SnapshotMessage =>
      event.type === '@xstate.snapshot' && event.orchestra.machine === 'worker',
  );
  expect(stands.map(({ orchestra, snapshot }) => [orchestra.path, snapshot.value])).toEqual([
    ['botan', { working: 'going' }],
    ['upper/kaede', 'idle'],
  ]);
  tree.send('botan', { type: 'rest' });
  await reached(slow, 'rest');
  expect(quick.baselines).toHaveLength(1);
  await tree.end();
});

test('a burst beyond all measure is not kept: everyone is told anew how things stand', async () => {
  const hub = new InspectionHub();
  const actor = createActor(workerMachine, { input: {}, inspect: hub.observer }).start();
  const viewer = new KeepingViewer();
  hub.attach(viewer);
  for (let index = 0; index < 30_000; index += 1) actor.send({ type: 'note', index });
  actor.send({ type: 'work' });
  await until(() => expect(viewer.baselines).toHaveLength(2));
  expect(viewer.baseline).toContainEqual(
    expect.objectContaining({ snapshot: expect.objectContaining({ value: { working: 'going' } }) }),
  );
});

test('an actor that was there and gone between two batches is sent whole', async () => {
  const hub = new InspectionHub();
  const viewer = new KeepingViewer();
  const machine = setup({ actors: { brief: fromPromise(async () => 'result') } }).createMachine({
    id: 'asking',
    initial: 'rest',
    states: {
      rest: { on: { ask: 'asking' } },
      asking: { invoke: { id: 'brief', src: 'brief', onDone: 'rest' } },
    },
  });
  const actor = createActor(machine, { inspect: hub.observer }).start();
  hub.attach(viewer);
  actor.send({ type: 'ask' });
  await reached(viewer, 'xstate.done.actor.brief');
  const brief = viewer.events.filter(({ orchestra }) => orchestra.path === 'brief');
  expect(brief.map((event) => ('snapshot' in event ? event.snapshot.status : event.event.type))).toEqual([
    'active',
    'xstate.init',
    'active',
    expect.any(String),
    'done',
  ]);
  expect(hub.size).toBe(1);
});

test('an actor that is just being made is not in the baseline; it comes when it starts', async () => {
  const hub = new InspectionHub();
  const viewer = new KeepingViewer();
  const machine = setup({
    actors: { brief: fromPromise(() => new Promise(() => undefined)) },
    actions: { look: () => hub.attach(viewer) },
  }).createMachine({
    id: 'asking',
    on: { ask: { actions: [spawnChild('brief', { id: 'brief' }), 'look'] } },
  });
  createActor(machine, { inspect: hub.observer }).start().send({ type: 'ask' });
  await reached(viewer, 'xstate.init');
  expect(viewer.baseline.map(({ orchestra }) => orchestra.path)).toEqual(['', '']);
  expect(viewer.events[0]).toMatchObject({ type: '@xstate.actor', name: 'brief' });
});

test('what is sent to an actor before it starts is not shown before the actor', async () => {
  const hub = new InspectionHub();
  const viewer = new KeepingViewer();
  const machine = setup({
    types: { context: {} as { brief?: AnyActorRef } },
    actors: { brief: workerMachine },
    actions: { send: ({ context }) => context.brief?.send({ type: 'work' }) },
  }).createMachine({
    id: 'asking',
    context: {},
    on: {
      ask: {
        actions: [assign({ brief: ({ spawn }) => spawn('brief', { id: 'brief', input: {} }) }), 'send'],
      },
    },
  });
  const actor = createActor(machine, { inspect: hub.observer }).start();
  hub.attach(viewer);
  actor.send({ type: 'ask' });
  await reached(viewer, 'work');
  const [first, ...rest] = viewer.events.filter(({ orchestra }) => orchestra.path === 'brief');
  expect(first?.type).toBe('@xstate.actor');
  expect(rest.map((event) => 'event' in event && event.event.type)).toContain('work');
});

test('a viewer that throws disturbs neither the machines nor the other viewers, and is told of once', async () => {
  const tree = nested();
  const broken: Viewer = {
    restart: () => {
      throw new Error('broken');
    },
    send: () => {
      throw new Error('broken');
    },
    isSlow: () => false,
  };
  tree.hub.attach(broken);
  const viewer = new KeepingViewer();
  tree.hub.attach(viewer);
  tree.send('botan', { type: 'work' });
  await reached(viewer, 'work');
  expect(tree.errors).toEqual([new Error('broken')]);
  await tree.end();
});

test('a context that cannot be read costs its message and no other', async () => {
  const hostile = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('hostile');
      },
    },
  );
  const tree = new WatchedTree([worker('odd', { hostile }), worker('botan')]);
  const viewer = new KeepingViewer();
  tree.hub.attach(viewer);
  expect(viewer.baseline.map(({ orchestra }) => orchestra.path)).toContain('botan');
  tree.send('odd', { type: 'work' });
  tree.send('botan', { type: 'work' });
  await reached(viewer, 'work');
  expect(viewer.snapshotsOf('botan')).toHaveLength(1);
  expect(tree.errors).toEqual([new Error('hostile')]);
  await tree.end();
});

const secret = 'S3CR3T-value-0001';

test('no secret is sent: of context, event, input, output, error, the name of an entry', async () => {
  const tree = new WatchedTree([
    worker('kaede', { apiKey: secret, deep: { list: [{ password: secret }] }, environment: { ANY: secret } }),
    worker('botan', { name: `--token ${secret}` }),
  ]);
  const viewer = new KeepingViewer();
  tree.hub.attach(viewer);
  const before = [...viewer.baseline];
  tree.send('kaede', { type: 'work', authorization: secret, [`password=${secret}`]: 1 });
  tree.send('kaede', { type: 'shutdown', output: { token: secret } });
  tree.send('botan', { type: 'crash', error: new Error(`refused: password=${secret}`) });
  await tree.clock.advance(0);
  await until(() => expect(viewer.snapshotsOf('botan')).toHaveLength(2));
  const bytes = JSON.stringify([...before, ...viewer.events]);
  expect(bytes).not.toContain(secret);
  expect(bytes).toContain('[redacted]');
  await tree.end();
});

test('the contexts of supervisors and incarnations are shown without what they hold for themselves', async () => {
  const specs = Array.from({ length: 100 }, (_, index) => worker(`w${index}`, { note: 'x'.repeat(500) }));
  const tree = new WatchedTree([supervisorSpec('many', tireless, specs)]);
  const viewer = new KeepingViewer();
  tree.hub.attach(viewer);
  const [many] = viewer.baseline.filter(
    ({ orchestra: { path, machine } }) => path === 'many' && machine === 'supervisor',
  );
  expect(many).toMatchObject({
    snapshot: {
      value: { running: 'idle' },
      context: {
        path: 'many',
        strategy: 'one_for_one',
        children: expect.arrayContaining([
          expect.objectContaining({ id: 'w7', pid: 'w7#1', state: 'running' }),
        ]),
      },
    },
  });
  expect(many && 'snapshot' in many && JSON.stringify(many.snapshot.context).length).toBeLessThan(20_000);
  await tree.end();
});
