/** The tasks' mirror over a bucket that loses what it had: the mirror is right, and the bucket is made right again. */
import { expect, test } from 'vitest';
import { openBucket } from '../../src/bus/bucket.ts';
import { TaskRecord } from '../../src/tasks/task-record.ts';
import { TaskStore } from '../../src/tasks/task-store.ts';
import { startServer } from '../bus/real-bus.ts';
import { sampleIssue } from '../tasks/sample-task.ts';
import { corruptBody, newestBlock } from './damage.ts';

const newTask = (id: string) => ({
  issue: sampleIssue({ id }),
  flow: ['codegen'],
  stageIndex: 0,
  maxAttempts: 3,
  agents: {},
});
const claim = (agent: string) =>
  ({ type: 'claim', agent, node: 'local', leaseUntil: Date.now() + 60_000 }) as const;

async function openStore(tokenFloor = 0) {
  const server = await startServer();
  const bus = await server.connect();
  const bucket = await openBucket(bus, 'tasks', { schema: TaskRecord });
  const restored: number[] = [];
  const store = await TaskStore.open(bucket, () => {}, {
    tokenFloor,
    onRestored: (records) => restored.push(records),
  });
  return { server, bus, bucket, store, restored };
}

test('records that nats-server has lost are stored again as they are known', async () => {
  const { server, bucket, store, restored } = await openStore();
  for (const id of ['1', '2', '3', '4']) await store.create(newTask(id));
  await store.apply('4', claim('kaede'));
  await server.kill();
  await corruptBody(await newestBlock(server.directory, 'KV_tasks'), '"id":"2"');
  await server.start();
  expect(await store.reconcile()).toBe(3);
  expect(restored).toEqual([3]);
  const entries = await bucket.entries();
  expect([...entries.keys()].sort()).toEqual(['1', '2', '3', '4']);
  expect(entries.get('4')?.value).toEqual(store.get('4'));
  expect(await store.reconcile()).toBe(0);
});

test('a change of a lost record is a change of what is known, not of an older one', async () => {
  const { server, store } = await openStore();
  await store.create(newTask('1'));
  await store.apply('1', claim('kaede'));
  const { token } = (await store.apply('1', { type: 'return', token: store.get('1')?.token ?? 0 })).task ?? {
    token: 0,
  };
  await server.kill();
  await corruptBody(await newestBlock(server.directory, 'KV_tasks'), '"agent":"kaede"');
  await server.start();
  const { taken, task } = await store.apply('1', claim('sakura'));
  expect(taken).toBe(true);
  expect(task?.claim?.agent).toBe('sakura');
  expect(task?.token).toBeGreaterThan(token);
});

test('tokens of a record made anew are above those of the deleted one, and above the floor', async () => {
  const { bucket, store } = await openStore();
  await store.create(newTask('1'));
  for (let n = 0; n < 3; n += 1) {
    await store.apply('1', claim('kaede'));
    await store.apply('1', { type: 'return', token: store.get('1')?.token ?? 0 });
  }
  const before = store.get('1')?.token ?? 0;
  await bucket.delete('1');
  await expect.poll(() => store.get('1'), { timeout: 30_000 }).toBeUndefined();
  await store.create(newTask('1'));
  expect(store.get('1')?.token).toBeGreaterThan(before);

  const floored = await openStore(1_000);
  await floored.store.create(newTask('1'));
  expect(floored.store.get('1')?.token).toBe(1_000);
});
