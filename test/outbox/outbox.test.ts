/** The outbox on a real bus and a real folder of issues: recorded first, made once, whatever dies in between. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Bucket, openBucket } from '../../src/bus/bucket.ts';
import { type Delivery, DeliveryLane } from '../../src/outbox/delivery-lane.ts';
import { OutboxRecord, type OutgoingWrite, writeKey } from '../../src/outbox/outbox-record.ts';
import { OutgoingStore } from '../../src/outbox/outgoing-store.ts';
import { ResultRecorder } from '../../src/outbox/result-recorder.ts';
import type { WritePolicy } from '../../src/outbox/result-writes.ts';
import type { TaskRecord } from '../../src/tasks/task-record.ts';
import { openLocalTracker } from '../../src/tracker/local/local-tracker.ts';
import { type RealServer, startServer } from '../bus/real-bus.ts';
import { sampleIssue, taskIn } from '../tasks/sample-task.ts';

type CommentWrite = Extract<OutgoingWrite, { kind: 'comment' }>;

const comment = (change: Partial<CommentWrite> = {}): CommentWrite => ({
  kind: 'comment',
  task: '7',
  token: 1,
  at: '2025-06-01T12:00:00Z',
  givenUp: null,
  author: 'conductor',
  text: 'It is done.',
  marker: 'result.abc.1',
  ...change,
});

async function openStore(server: RealServer) {
  const bucket: Bucket<OutboxRecord> = await openBucket(await server.connect(), 'orch_outbox', {
    schema: OutboxRecord,
  });
  return { bucket, store: await OutgoingStore.open(bucket) };
}

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

test('one task waits for its own writes only; nobody is tried while the other side is away', async () => {
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
  expect(tries.slice(0, 3)).toEqual(['7.comment.1', '7.comment.1', '7.comment.1']);
  expect(tries.indexOf('8.comment.1')).toBeLessThan(tries.lastIndexOf('7.comment.1'));
  expect(tries.at(-1)).toBe('7.comment.2');
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

/** A recorder over one task, which has changed before and while it runs. */
function recorderOf(
  store: OutgoingStore,
  task: TaskRecord,
  more: Partial<ConstructorParameters<typeof ResultRecorder>[0]> = {},
) {
  const policy: WritePolicy = { comments: 'ends', push: 'done' };
  return new ResultRecorder({
    store,
    tasks: {
      get: () => task,
      all: () => [task].values() as Generator<TaskRecord>,
      onChange: () => () => undefined,
    },
    policy: () => policy,
    branchOf: async () => 'orchestra/7-seven',
    mayPass: (error) => error instanceof RangeError,
    onTrouble: () => undefined,
    ...more,
  });
}

async function runRecorder(recorder: ResultRecorder, isOver: () => boolean): Promise<unknown> {
  const stop = new AbortController();
  const running = recorder.run(stop.signal).catch((error: unknown) => error);
  while (!isOver()) await new Promise((resolve) => setTimeout(resolve, 2));
  stop.abort();
  return running;
}

const doneSince = (at: string): TaskRecord => {
  const task = taskIn('done', { issue: sampleIssue() });
  return { ...task, history: task.history.map((entry) => ({ ...entry, at, commit: 'c0ffee' })) };
};

test('a restart finds what has not been recorded, and records nothing twice', async () => {
  const server = await startServer();
  const { store } = await openStore(server);
  const task = doneSince(new Date(Date.now() + 1_000).toISOString());
  const recorder = recorderOf(store, task);
  await runRecorder(recorder, () => store.toldUpTo('7') === task.token);
  expect(store.all().map(writeKey)).toEqual(['7.push.2', '7.comment.2']);

  // Recorded, and the daemon was gone before it was noted that it is.
  await store.noteTold('7', 0);
  const { store: next } = await openStore(server);
  await runRecorder(recorderOf(next, task), () => next.toldUpTo('7') === task.token);
  expect(next.all()).toHaveLength(2);
});

test('an error that may pass is told and tried again; another one ends the recorder', async () => {
  const { store } = await openStore(await startServer());
  const task = doneSince(new Date(Date.now() + 1_000).toISOString());
  const troubles: unknown[] = [];
  let looks = 0;
  const passing = recorderOf(store, task, {
    branchOf: async () => {
      looks += 1;
      if (looks === 1) throw new RangeError('not now');
      return undefined;
    },
    onTrouble: (error) => troubles.push(error),
  });
  await runRecorder(passing, () => store.toldUpTo('7') === task.token);
  expect(troubles).toHaveLength(1);
  // Without a branch there is nothing to push.
  expect(store.all().map(({ kind }) => kind)).toEqual(['comment']);

  const broken = recorderOf(store, task, {
    branchOf: () => Promise.reject(new TypeError('broken')),
  });
  await store.noteTold('7', 0);
  await expect(broken.run(new AbortController().signal)).rejects.toThrow('broken');
});
