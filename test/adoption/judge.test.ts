/** The judgement on what an earlier daemon left: everything has to fit together, and each thing that does not is named. */
import { describe, expect, test } from 'vitest';
import { type Evidence, judge } from '../../src/adoption/judge.ts';
import type { SessionRecord } from '../../src/adoption/session-record.ts';
import type { TaskRecord } from '../../src/tasks/task-record.ts';
import { sampleAssignment } from '../agents/sample-assignment.ts';
import { finish, taskAfter, taskIn } from '../tasks/sample-task.ts';

const server = { pid: 100, startTime: 1 };
const host = { pid: 200, startTime: 2 };

const record: SessionRecord = {
  version: 1,
  agent: 'kaede',
  node: 'local',
  boot: '2026-11-22T00:00:00.000Z',
  fingerprint: 'same',
  tmux: server,
  pane: '%3',
  run: 'r1',
  process: host,
  ready: true,
  session: null,
  assignment: null,
  since: '2026-11-22T00:00:00.000Z',
};

const claimed = taskIn('working');
const assignment = sampleAssignment({ token: claimed.token });
const performing = {
  task: claimed.issue.id,
  token: claimed.token,
  attempt: claimed.attempts,
  stage: 'codegen',
  phase: 'performing',
} as const;

const pane: NonNullable<Evidence['pane']> = {
  pane: '%3',
  window: '@3',
  windowName: 'kaede',
  title: '',
  pid: host.pid,
  dead: false,
  options: { '@orchestra_agent': 'kaede' },
  run: 'r1',
};

const living: Evidence = {
  agent: 'kaede',
  node: 'local',
  isKept: true,
  fingerprint: 'same',
  server,
  pane,
  host: { ...host, isMarked: true },
  task: undefined,
  assignment: undefined,
};
const atWork: Evidence = { ...living, task: claimed, assignment };
const ended = { pane: { ...pane, dead: true }, host: undefined };

const refusal = (reason: string) => ({ proven: false, reason });

test('a kept program that is proven goes on, with or without a task', () => {
  expect(judge(record, living)).toEqual({ proven: true, run: 'r1', assignment: null });
  expect(judge({ ...record, assignment: performing }, atWork)).toEqual({
    proven: true,
    run: 'r1',
    assignment,
  });
});

test("a task's program goes on, or has ended meanwhile and is heard", () => {
  const left = { ...record, assignment: performing };
  const evidence = { ...atWork, isKept: false };
  expect(judge(left, evidence)).toEqual({ proven: true, run: 'r1', assignment });
  expect(judge(left, { ...evidence, ...ended })).toEqual({ proven: true, run: 'r1', assignment });
  // A lost SIGCHLD: tmux does not know yet.
  expect(judge(left, { ...evidence, host: undefined })).toEqual({ proven: true, run: 'r1', assignment });
});

test('an empty pane of an agent without a task is used again', () => {
  const idle = { ...record, run: null, process: null };
  const evidence = { ...living, isKept: false };
  expect(judge(idle, { ...evidence, ...ended })).toEqual({ proven: true, run: null, assignment: null });
  expect(judge(idle, evidence)).toEqual(refusal('pane %3 holds a program that is not on record'));
  expect(judge(idle, { ...living, ...ended })).toEqual(refusal('no program is on record of it'));
});

describe.each([
  ['another server', { server: { pid: 100, startTime: 9 } }, 'the tmux server is another one'],
  [
    'a server with its pid used again',
    { server: { pid: 101, startTime: 1 } },
    'the tmux server is another one',
  ],
  ['no pane', { pane: undefined }, 'pane %3 is gone'],
  ['an unmarked pane', { pane: { ...pane, options: {} } }, 'pane %3 does not carry its name'],
  [
    "another agent's pane",
    { pane: { ...pane, options: { '@orchestra_agent': 'sakura' } } },
    'pane %3 does not carry its name',
  ],
  ['another run in it', { pane: { ...pane, run: 'r2' } }, 'pane %3 was given to another program'],
  ['no run in it', { pane: { ...pane, run: undefined } }, 'pane %3 was given to another program'],
  ['another process in it', { pane: { ...pane, pid: 201 } }, 'pane %3 was given to another program'],
  [
    'its pid used again',
    { host: { ...host, startTime: 3, isMarked: true } },
    'process 200 is not the one on record',
  ],
  ['no marks', { host: { ...host, isMarked: false } }, 'process 200 is not the one on record'],
  ['another configuration', { fingerprint: 'other' }, 'its configuration has changed'],
] satisfies [string, Partial<Evidence>, string][])('%s', (_what, change, reason) => {
  test.each([true, false])('is no proof (kept: %s)', (isKept) => {
    const left = { ...record, assignment: performing };
    expect(judge(left, { ...atWork, ...change, isKept })).toEqual(refusal(reason));
  });
});

test('a kept program that has ended has nothing to go on with', () => {
  expect(judge(record, { ...living, ...ended })).toEqual(refusal('its program has ended meanwhile'));
});

describe('its task', () => {
  const left = { ...record, assignment: performing };

  test('that was perhaps not handed over in full is no proof', () => {
    const submitting = { ...record, assignment: { ...performing, phase: 'submitting' as const } };
    expect(judge(submitting, atWork)).toEqual(
      refusal(`nobody knows whether task ${performing.task} was handed over in full`),
    );
    expect(
      judge({ ...submitting, run: null, process: null }, { ...atWork, ...ended, isKept: false }),
    ).toEqual(refusal(`nobody knows whether task ${performing.task} was handed over in full`));
  });

  test.each([
    ['gone', undefined],
    ['given to another agent', { ...claimed, claim: { agent: 'sakura', node: 'local', leaseUntil: 0 } }],
    ['given to another node', { ...claimed, claim: { agent: 'kaede', node: 'other', leaseUntil: 0 } }],
    ['given anew', { ...claimed, token: claimed.token + 1 }],
    ['begun anew', { ...claimed, attempts: claimed.attempts + 1 }],
    ['taken back', { ...claimed, claim: null }],
  ] satisfies [string, TaskRecord | undefined][])('that was %s is no longer its own', (_what, task) => {
    expect(judge(left, { ...atWork, task })).toEqual(refusal(`task ${performing.task} is no longer its own`));
  });

  test.each([undefined, { ...assignment, token: 99 }, { ...assignment, task: '99' }])(
    'has to be the one in its task file',
    (written) => {
      expect(judge(left, { ...atWork, assignment: written })).toEqual(
        refusal(`its task file is not that of task ${performing.task}`),
      );
    },
  );

  test('that is on record already leaves a kept program free, and a program of its own to be ended', () => {
    const done = { ...atWork, task: taskAfter(claimed, finish(claimed.token, 'done')) };
    expect(judge(left, done)).toEqual({ proven: true, run: 'r1', assignment: null });
    expect(judge(left, { ...done, isKept: false })).toEqual(refusal('its task is over'));
    expect(judge(left, { ...done, ...ended, isKept: false })).toEqual({
      proven: true,
      run: null,
      assignment: null,
    });
  });
});
