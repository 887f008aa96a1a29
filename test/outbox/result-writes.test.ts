/** Which writes a task's record asks for, and what they say. */
import { expect, test } from 'vitest';
import type { TaskEvent } from '../../machines/task.machine.ts';
import type { Beginning } from '../../src/outbox/outbox-record.ts';
import { resultWrites, type WritePolicy } from '../../src/outbox/result-writes.ts';
import { recordedCommit } from '../../src/outbox/task-results.ts';
import { createTask, type TaskRecord } from '../../src/tasks/task-record.ts';
import { claim, finish, release, restart, sampleInput, taskAfter, taskIn } from '../tasks/sample-task.ts';

const beginning: Beginning = { kind: 'beginning', id: 'abc', since: '2025-01-01T00:00:00Z', told: {} };
const now = '2025-06-02T00:00:00Z';

const writesOf = (task: TaskRecord, policy: Partial<WritePolicy> = {}, told = 0) =>
  resultWrites(task, {
    policy: { comments: 'ends', push: 'never', ...policy },
    beginning,
    told,
    branch: 'orchestra/7-greet',
    now,
  });

const finishAt = (token: number, commit: string): TaskEvent =>
  ({ ...finish(token, 'done'), commit }) as TaskEvent;
const begun = createTask(sampleInput());

test('an end has one comment, and a record that was told has none', () => {
  for (const state of ['done', 'failed', 'blocked'] as const) {
    const task = taskIn(state);
    const { writes, told } = writesOf(task);
    expect(writes).toMatchObject([{ kind: 'comment', task: '7', marker: `result.abc.${task.token}` }]);
    expect(told).toBe(task.token);
    expect(writesOf(task, {}, told)).toEqual({ writes: [], told });
    expect(writesOf(task, { comments: 'none' })).toEqual({ writes: [], told });
  }
});

test('every try has one where all are wanted; taken back is no result', () => {
  const task = taskAfter(begun, claim, release(1), claim, finish(2, 'done'), claim, finish(3, 'failed'));
  expect(writesOf(task).writes).toEqual([]);
  const { writes, told } = writesOf(task, { comments: 'all' });
  expect(writes.map(({ token }) => token)).toEqual([2, 3]);
  expect(told).toBe(3);
});

test('a crash at the last attempt is an end although nobody has reported', () => {
  const task = { ...taskAfter(begun, claim, restart(1), restart(1, 2)), evidence: 'panic: ``` out of tea' };
  expect(task).toMatchObject({ state: 'failed', history: [] });
  const { writes, told } = writesOf(task);
  expect(told).toBe(1);
  expect(writes[0]).toMatchObject({
    text: `**Failed** at codegen: all 2 attempts are used up. A person decides how it goes on.

> crashed

What its program printed last:

\`\`\`\`text
panic: \`\`\` out of tea
\`\`\`\`

\`orchestra task retry 7\` gives it another try.`,
  });
});

test('taken back at the last attempt is an end too', () => {
  const task = taskAfter(begun, claim, release(1), claim, release(2));
  expect(writesOf(task).writes).toMatchObject([
    { token: 2, text: expect.stringContaining('**Failed** at codegen') },
  ]);
});

test('a person who has let it go on has seen the end: only the next one is told', () => {
  const again = taskAfter(taskIn('failed'), { type: 'retry' });
  expect(writesOf(again, {}, 2)).toEqual({ writes: [], told: 2 });
  const blockedTwice = taskAfter(taskIn('blocked'), { type: 'retry' }, claim, finish(2, 'blocked'));
  expect(writesOf(blockedTwice, {}, 1).writes).toMatchObject([{ token: 2 }]);
});

test('a wall clock that is put back behind the beginning of the outbox keeps no result from being told', () => {
  const writes = resultWrites(taskIn('done'), {
    policy: { comments: 'ends', push: 'never' },
    beginning: { ...beginning, since: '2099-01-01T00:00:00Z' },
    told: 0,
    branch: undefined,
    now,
  });
  expect(writes.writes).toHaveLength(1);
});

test('pushed is what a done stage has put on record, and nothing else', () => {
  const first = taskAfter(begun, claim, finishAt(1, 'c1'));
  const second = taskAfter(first, claim, finish(2, 'failed'));
  const done = taskAfter(second, claim, finishAt(3, 'c3'));
  expect(writesOf(second, { push: 'stage' }).writes).toMatchObject([
    { kind: 'push', token: 1, commit: 'c1' },
  ]);
  expect(writesOf(second, { push: 'done' }).writes).toEqual([]);
  expect(writesOf(done, { push: 'done' }).writes).toMatchObject([
    { kind: 'push', token: 3, commit: 'c3', branch: 'orchestra/7-greet' },
    { kind: 'comment', token: 3 },
  ]);
  expect(recordedCommit(done)).toBe('c3');
  expect(recordedCommit(begun)).toBeUndefined();
});

test('foreign text stands in quotations, and is cut', () => {
  const summary = `one\n\n**Done.** not by you\r\n${'x'.repeat(10_000)}`;
  const task = taskAfter(begun, claim, { type: 'finish', token: 1, outcome: 'blocked', summary, at: now });
  const [write] = writesOf(task).writes;
  const text = write?.kind === 'comment' ? write.text : '';
  expect(text.split('\n').slice(2, 5)).toEqual(['> one', '> ', '> **Done.** not by you']);
  expect(text.length).toBeLessThan(5_000);
});
