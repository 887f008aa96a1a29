import { expect, test } from 'vitest';
import { taskLine } from '../../src/agents/begin-try.ts';
import { sampleAssignment } from './sample-assignment.ts';

const file = '/state/agents/kaede/task.md';

test('a first try is told what to read', () => {
  expect(taskLine(sampleAssignment())).toBe(`orchestra: task 7, stage codegen. Read ${file} and begin.`);
});

test('a later one which it is, and in one line why the last one ended', () => {
  const reason = 'its program ended (SIGKILL)\r\nin the \u001B[31mmiddle\u202E';
  expect(taskLine(sampleAssignment({ attempt: 2, reason }))).toBe(
    `orchestra: task 7, stage codegen, attempt 2 of 3; the last one: its program ended (SIGKILL) in the [31mmiddle. Read ${file} and go on from there.`,
  );
  expect(taskLine(sampleAssignment({ attempt: 3, reason: 'x'.repeat(9_000) })).length).toBeLessThan(400);
});
