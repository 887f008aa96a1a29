/** From a task's record to recorded writes: none is forgotten, none is recorded twice. */
import { expect, test } from 'vitest';
import { writeKey } from '../../src/outbox/outbox-record.ts';
import type { OutgoingStore } from '../../src/outbox/outgoing-store.ts';
import { ResultRecorder } from '../../src/outbox/result-recorder.ts';
import type { WritePolicy } from '../../src/outbox/result-writes.ts';
import type { TaskRecord } from '../../src/tasks/task-record.ts';
import { startServer } from '../bus/real-bus.ts';
import { sampleIssue, taskIn } from '../tasks/sample-task.ts';
import { openStore } from './stored-writes.ts';

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
