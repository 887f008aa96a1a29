/** Session records on a real bus: known at once, stored behind one's back, found by the next daemon. */
import { expect, onTestFinished, test } from 'vitest';
import { SessionRecord } from '../../src/adoption/session-record.ts';
import { SessionStore } from '../../src/adoption/session-store.ts';
import { openBucket } from '../../src/bus/bucket.ts';
import { type RealServer, startServer } from '../bus/real-bus.ts';

const never = new AbortController().signal;

async function openStore(server: RealServer, boot = '2026-11-22T00:00:00.000Z') {
  const bus = await server.connect();
  const bucket = await openBucket(bus, 'orch_sessions', { schema: SessionRecord });
  const onUnstored = (_agent: string, error: unknown) => {
    throw error;
  };
  const store = await SessionStore.open({ bucket, node: 'local', boot, onUnstored });
  onTestFinished(() => store.close());
  return { store, bucket };
}

test('what one daemon has noted, the next one reads', async () => {
  const server = await startServer();
  const { store } = await openStore(server);
  expect(store.get('kaede')).toBeUndefined();
  store.update('kaede', { pane: '%1', run: 'r1', process: { pid: 7, startTime: 8 } });
  store.update('kaede', { ready: true });
  store.update('sakura', { session: 's1' });
  const noted = store.get('kaede');
  expect(noted).toMatchObject({
    version: 1,
    agent: 'kaede',
    node: 'local',
    pane: '%1',
    run: 'r1',
    ready: true,
  });
  await Promise.all(['kaede', 'sakura'].map((agent) => store.stored(agent, never)));

  const { store: later } = await openStore(server, '2026-11-23T00:00:00.000Z');
  expect(later.get('kaede')).toEqual(noted);
  expect(later.get('sakura')).toMatchObject({ run: null, assignment: null, session: 's1' });
  later.update('kaede', { ready: false });
  expect(later.get('kaede')).toMatchObject({ boot: '2026-11-23T00:00:00.000Z', since: noted?.since });
});

test('it neither waits nor fails while the bus is away, and stores the newest when it is back', async () => {
  const server = await startServer();
  const { store, bucket } = await openStore(server);
  store.update('kaede', { run: 'r1' });
  await store.stored('kaede', never);
  await server.kill();
  for (const run of ['r2', 'r3', 'r4']) store.update('kaede', { run });
  expect(store.get('kaede')?.run).toBe('r4');
  const impatient = AbortSignal.timeout(50);
  await expect(store.stored('kaede', impatient)).rejects.toThrow('timeout');
  await server.start();
  await store.stored('kaede', never);
  expect((await bucket.get('kaede'))?.value.run).toBe('r4');
});

test('what the bus refuses is tried again, and told once', async () => {
  const server = await startServer();
  const bus = await server.connect();
  const bucket = await openBucket(bus, 'orch_sessions', { schema: SessionRecord });
  let refusals = 3;
  const refusing: typeof bucket = {
    ...bucket,
    put: (key, value) => (refusals-- > 0 ? Promise.reject(new Error('full')) : bucket.put(key, value)),
  };
  const told: unknown[] = [];
  const onUnstored = (_agent: string, error: unknown) => told.push(error);
  const store = await SessionStore.open({
    bucket: refusing,
    node: 'local',
    boot: '',
    onUnstored,
    retryPause: 1,
  });
  onTestFinished(() => store.close());
  store.update('kaede', { run: 'r1' });
  await store.stored('kaede', never);
  expect(told).toEqual([new Error('full')]);
  expect((await bucket.get('kaede'))?.value.run).toBe('r1');
});

test('what a bucket that had to be made anew has lost is stored again', async () => {
  const server = await startServer();
  const { store } = await openStore(server);
  for (const agent of ['kaede', 'sakura']) store.update(agent, { run: `run of ${agent}` });
  await Promise.all(['kaede', 'sakura'].map((agent) => store.stored(agent, never)));
  const bus = await server.connect();
  await bus.connection.manager.streams.delete('KV_orch_sessions');
  const bucket = await openBucket(bus, 'orch_sessions', { schema: SessionRecord });
  await bucket.put('sakura', store.get('sakura') as SessionRecord);
  await store.reconcile();
  await store.stored('kaede', never);
  const stored = await bucket.entries();
  expect(stored.get('kaede')?.value).toEqual(store.get('kaede'));
  // What was there already is not written again.
  expect([...stored.values()].map(({ revision }) => revision).sort()).toEqual([1, 2]);
});
