/** The outbox on a real bus and a real folder of issues: recorded first, made once, whatever dies in between. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openBucket } from '../../src/bus/bucket.ts';
import { type Delivery, DeliveryLane } from '../../src/outbox/delivery-lane.ts';
import { OutboxRecord, writeKey } from '../../src/outbox/outbox-record.ts';
import { OutgoingStore } from '../../src/outbox/outgoing-store.ts';
import { openLocalTracker } from '../../src/tracker/local/local-tracker.ts';
import { patientManager, startServer } from '../bus/real-bus.ts';
import { type CommentWrite, comment, openStore } from './stored-writes.ts';

/** An issue 7 in a folder of its own. */
async function issueFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-outbox-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, '7-seven.md'), '---\ntitle: Seven\n---\n');
  const tracker = openLocalTracker({ folder });
  const commented = async () =>
    (await readFile(join(folder, '7-seven.md'), 'utf8')).match(/orchestra:comment /gu)?.length ?? 0;
  return { tracker, commented };
}

/** Runs a lane until `isOver`; its deliveries are what `deliver` says, one after the other. */
async function runLane(
  store: OutgoingStore,
  deliver: (write: CommentWrite) => Promise<Delivery>,
  isOver: () => boolean,
) {
  const told: string[] = [];
  const lane = new DeliveryLane({
    kind: 'comment',
    store,
    deliver,
    wait: 1,
    mayPass: (error) => error instanceof RangeError,
    onHeldUp: (reason) => told.push(`held up: ${reason}`),
    onBack: () => told.push('back'),
    onGivenUp: (write, reason) => told.push(`given up ${writeKey(write)}: ${reason}`),
  });
  const stop = new AbortController();
  const running = lane.run(stop.signal).catch((error: unknown) => error);
  while (!isOver() || !lane.isSettled) await new Promise((resolve) => setTimeout(resolve, 2));
  stop.abort();
  await running;
  return { lane, told };
}

const done = async (): Promise<Delivery> => ({ outcome: 'done' });

test('what is recorded outlives the daemon, in order, and leaves nothing behind when it is done', async () => {
  const server = await startServer();
  const { store, bucket } = await openStore(server);
  await store.enqueue(comment({ token: 2, marker: 'result.abc.2' }));
  await store.enqueue(comment({ token: 10 }));
  await store.enqueue(comment({ token: 2, text: 'recorded twice' }));
  await store.noteTold('7', 10);

  await server.crash();
  const { store: next } = await openStore(server);
  expect(next.beginning).toEqual(store.beginning);
  expect(next.all().map(writeKey)).toEqual(['7.comment.2', '7.comment.10']);
  expect(next.get('7.comment.2')).toMatchObject({ text: 'It is done.' });
  expect(next.toldUpTo('7')).toBe(10);

  const delivered: number[] = [];
  await runLane(
    next,
    async ({ token }) => {
      delivered.push(token);
      return done();
    },
    () => next.all().length === 0,
  );
  expect(delivered).toEqual([2, 10]);
  expect([...(await bucket.entries()).keys()].sort()).toEqual(['7.told', 'beginning']);
});

test('results from before the outbox began are nobody’s business, for this daemon and the next', async () => {
  const server = await startServer();
  const { bucket } = await openStore(server);
  await bucket.erase('beginning');
  const store = await OutgoingStore.open(bucket, { '7': 3 });
  expect([store.toldUpTo('7'), store.toldUpTo('8')]).toEqual([3, 0]);
  const next = await OutgoingStore.open(bucket, { '7': 4, '8': 1 });
  expect([next.toldUpTo('7'), next.toldUpTo('8')]).toEqual([3, 0]);
  await next.noteTold('7', 4);
  expect(next.toldUpTo('7')).toBe(4);
});

test('a crash between doing and noting does not do it twice', async () => {
  const server = await startServer();
  const { tracker, commented } = await issueFolder();
  const deliver = async (write: CommentWrite): Promise<Delivery> => {
    await tracker.comment(write.task, write);
    return done();
  };
  const { store } = await openStore(server);
  await store.enqueue(comment());
  // Done, and not noted: the daemon is gone before.
  await deliver(comment());
  const { store: next } = await openStore(server);
  expect(next.all()).toHaveLength(1);
  await runLane(next, deliver, () => next.all().length === 0);
  expect(await commented()).toBe(1);
});

test('one task waits for its own writes only; each turn while the other side seems away is for another write', async () => {
  const { store } = await openStore(await startServer());
  for (const [task, token] of [
    ['7', 1],
    ['7', 2],
    ['8', 1],
  ] as const)
    await store.enqueue(comment({ task, token }));
  const tries: string[] = [];
  const { told } = await runLane(
    store,
    async (write) => {
      const key = writeKey(write);
      tries.push(key);
      if (tries.length <= 2) return { outcome: 'away', reason: 'no network' };
      const first = tries.filter((tried) => tried === '7.comment.1').length;
      return key === '7.comment.1' && first < 7 ? { outcome: 'later', reason: 'being edited' } : done();
    },
    () => store.all().length === 0,
  );
  expect(told).toEqual(['held up: no network', 'held up: no network', 'back', 'held up: being edited']);
  expect(tries.slice(0, 3)).toEqual(['7.comment.1', '8.comment.1', '7.comment.1']);
  expect(tries.indexOf('8.comment.1')).toBeLessThan(tries.lastIndexOf('7.comment.1'));
  expect(tries.at(-1)).toBe('7.comment.2');
});

test('one write that never finds the other side does not starve the others, and is not given up for it', async () => {
  const { store } = await openStore(await startServer());
  for (const task of ['poison', '8', '9']) await store.enqueue(comment({ task }));
  await runLane(
    store,
    async ({ task }) => (task === 'poison' ? { outcome: 'away', reason: 'no word from it' } : done()),
    () => store.all().length === 1,
  );
  expect(store.all()).toMatchObject([{ task: 'poison', givenUp: null }]);
});

test('what can never succeed is given up at once, what is refused after a few tries; both stay until a person decides', async () => {
  const server = await startServer();
  const { store } = await openStore(server);
  await store.enqueue(comment({ task: 'gone' }));
  await store.enqueue(comment({ task: 'refused' }));
  let tries = 0;
  const { told } = await runLane(
    store,
    async ({ task }) => {
      if (task === 'gone') return { outcome: 'never', reason: 'no such issue' };
      tries += 1;
      return { outcome: 'refused', reason: 'it says no' };
    },
    () => store.all().every(({ givenUp }) => givenUp !== null),
  );
  expect(tries).toBe(5);
  expect(told).toEqual([
    'given up gone.comment.1: no such issue',
    'held up: it says no',
    'given up refused.comment.1: it says no',
  ]);
  const { store: next } = await openStore(server);
  expect(next.all().map(({ givenUp }) => givenUp)).toEqual(['no such issue', 'it says no']);
  const [, refused] = next.all();
  if (refused) await next.setGivenUp(refused, null);
  await runLane(next, done, () => next.all().length === 1);
});

test('what was done and could not be noted is done again; an error that nobody expects ends the lane', async () => {
  const { store } = await openStore(await startServer());
  await store.enqueue(comment());
  let tries = 0;
  const { told } = await runLane(
    store,
    async () => {
      tries += 1;
      if (tries === 1) throw new RangeError('the store is full');
      return done();
    },
    () => store.all().length === 0,
  );
  expect(tries).toBe(2);
  expect(told).toEqual(['held up: RangeError: the store is full', 'back']);

  await store.enqueue(comment());
  const lane = new DeliveryLane({
    kind: 'comment',
    store,
    deliver: () => Promise.reject(new TypeError('broken')),
    mayPass: () => false,
    onHeldUp: () => undefined,
    onBack: () => undefined,
    onGivenUp: () => undefined,
  });
  await expect(lane.run(new AbortController().signal)).rejects.toThrow('broken');
});

test('what a damaged store has lost is put back from memory', async () => {
  const { store, bucket } = await openStore(await startServer());
  await store.enqueue(comment());
  await store.noteTold('7', 1);
  for (const key of ['beginning', '7.told', '7.comment.1']) await bucket.erase(key);
  expect(await store.reconcile()).toBe(3);
  expect(await store.reconcile()).toBe(0);
  const next = await OutgoingStore.open(bucket);
  expect(next.beginning).toEqual(store.beginning);
  expect(next.toldUpTo('7')).toBe(1);
  expect(next.all()).toEqual(store.all());
});

test('what a bucket that had to be made anew has lost is stored again: what waits, what was told, and the beginning', async () => {
  const server = await startServer();
  const { store } = await openStore(server);
  await store.enqueue(comment({ token: 2 }));
  await store.enqueue(comment({ token: 3, givenUp: 'no such issue' }));
  await store.enqueue(comment({ token: 4 }));
  await store.remove(comment({ token: 4 }));
  await store.noteTold('7', 4);
  await (await patientManager(await server.connect())).streams.delete('KV_orch_outbox');
  await openBucket(await server.connect(), 'orch_outbox', { schema: OutboxRecord });
  expect(await store.reconcile()).toBe(4);
  expect(await store.reconcile()).toBe(0);
  const { store: next } = await openStore(server);
  expect(next.all()).toEqual(store.all());
  expect(next.beginning).toEqual(store.beginning);
  expect(next.toldUpTo('7')).toBe(4);
});
