/** After a restore every result stays that of its claim: what was told is not told again, what was not is told once. */
import { expect, test } from 'vitest';
import { renewTokens } from '../../src/backup/renew-tokens.ts';
import { openBucket } from '../../src/bus/bucket.ts';
import { OutgoingStore } from '../../src/outbox/outgoing-store.ts';
import { resultWrites } from '../../src/outbox/result-writes.ts';
import { TaskRecord } from '../../src/tasks/task-record.ts';
import { startServer } from '../bus/real-bus.ts';
import { openStore } from '../outbox/stored-writes.ts';
import { sampleIssue, taskIn } from '../tasks/sample-task.ts';

const streams = new Set(['KV_orch_tasks', 'KV_orch_outbox']);

test('a failure that was told stays told; a completion that was not is told once, as the completion', async () => {
  const server = await startServer();
  const bus = await server.connect();
  const tasks = await openBucket(bus, 'orch_tasks', { schema: TaskRecord });
  const { bucket, store } = await openStore(server);
  const at = new Date(Date.now() + 1_000).toISOString();
  const put = async (id: string, state: 'failed' | 'done') => {
    const task = taskIn(state, { issue: { ...sampleIssue(), id } });
    const history = task.history.map((entry) => ({ ...entry, at }));
    await tasks.put(id, { ...task, history });
    return task.token;
  };
  await store.noteTold('failed', await put('failed', 'failed'));
  const token = await put('done', 'done');
  await store.noteTold('done', token - 1);

  await renewTokens(bus, streams);

  const renewed = await OutgoingStore.open(bucket);
  const writesOf = async (id: string) => {
    const task = (await tasks.entries()).get(id)?.value;
    if (task === undefined) throw new Error(`there is no task ${id}`);
    const policy = { comments: 'ends', push: 'never' } as const;
    const { beginning } = renewed;
    const told = renewed.toldUpTo(id);
    return resultWrites(task, { policy, beginning, told, branch: undefined, now: at }).writes;
  };
  expect(await writesOf('failed')).toEqual([]);
  expect(await writesOf('done')).toMatchObject([{ kind: 'comment', token: token + 1_000 }]);
});

/** What becomes of a task that is restored without an outbox. */
async function renewedAlone(task: TaskRecord): Promise<TaskRecord | undefined> {
  const bus = await (await startServer()).connect();
  const tasks = await openBucket(bus, 'orch_tasks', { schema: TaskRecord });
  await tasks.put('7', task);
  await renewTokens(bus, new Set(['KV_orch_tasks']));
  return (await tasks.entries()).get('7')?.value;
}

test('a backup without an outbox has its tasks renewed all the same', async () => {
  const task = taskIn('failed', { issue: sampleIssue() });
  expect((await renewedAlone(task))?.token).toBe(task.token + 1_000);
});

test('who held a task does not hold it any more, and the try does not count', async () => {
  const task = taskIn('working', { issue: sampleIssue() });
  expect(await renewedAlone(task)).toMatchObject({
    state: 'waiting',
    claim: null,
    attempts: task.attempts - 1,
    token: task.token + 1_000,
  });
});
