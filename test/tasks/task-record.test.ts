/** The statechart of a task through its stored form: what each event does in each state, and what no sequence can do. */
import { describe, expect, test } from 'vitest';
import type { TaskEvent } from '../../machines/task.machine.ts';
import {
  createTask,
  isOver,
  isResting,
  nextTask,
  stageOf,
  TaskRecord,
  type TaskState,
} from '../../src/tasks/task-record.ts';
import {
  at,
  claim,
  finish,
  release,
  restart,
  sampleInput,
  sampleIssue,
  taskAfter,
  taskIn,
} from './sample-task.ts';

/** Every event with the token of the newest claim; the states of `taskIn` are at the first of two attempts. */
const events = {
  claim: () => claim,
  accept: (token) => ({ type: 'accept', token }),
  renew: (token) => ({ type: 'renew', token, leaseUntil: 9_000 }),
  restart,
  release,
  return: (token) => ({ type: 'return', token }),
  'finish done': (token) => finish(token, 'done'),
  'finish failed': (token) => finish(token, 'failed'),
  'finish blocked': (token) => finish(token, 'blocked'),
  retry: () => ({ type: 'retry' }),
  close: () => ({ type: 'close' }),
  reopen: () => ({ type: 'reopen' }),
} satisfies Record<string, (token: number) => TaskEvent>;
type EventName = keyof typeof events;

/** What each state takes; everything that is not named is refused. */
const table: Record<TaskState, Partial<Record<EventName, TaskState>>> = {
  waiting: { claim: 'assigned', close: 'closed' },
  assigned: {
    accept: 'working',
    renew: 'assigned',
    restart: 'assigned',
    release: 'waiting',
    return: 'waiting',
    'finish done': 'waiting',
    'finish failed': 'waiting',
    'finish blocked': 'blocked',
    close: 'closed',
  },
  working: {
    renew: 'working',
    restart: 'assigned',
    release: 'waiting',
    return: 'waiting',
    'finish done': 'waiting',
    'finish failed': 'waiting',
    'finish blocked': 'blocked',
    close: 'closed',
  },
  blocked: { retry: 'waiting', close: 'closed' },
  failed: { retry: 'waiting', close: 'closed' },
  done: { reopen: 'waiting' },
  closed: { reopen: 'waiting' },
};

const states = Object.keys(table) as TaskState[];
const cells = states.flatMap((state) =>
  (Object.keys(events) as EventName[]).map((event) => ({
    state,
    event,
    next: table[state][event] ?? 'refused',
  })),
);

test.each(cells)('$state, $event: $next', ({ state, event, next }) => {
  const before = taskIn(state);
  const kept = structuredClone(before);
  const changed = nextTask(before, events[event](before.token));
  expect(changed?.state ?? 'refused').toBe(next);
  expect(before, 'the record it was given stays as it was').toEqual(kept);
  if (changed) {
    expect(TaskRecord.parse(JSON.parse(JSON.stringify(changed)))).toEqual(changed);
    expect(changed.claim !== null).toBe(next === 'assigned' || next === 'working');
  }
});

describe('fencing', () => {
  const fenced = (Object.keys(events) as EventName[]).filter((name) => 'token' in events[name](0));

  test.each(fenced)('%s with an older or a later token changes nothing', (name) => {
    for (const state of ['assigned', 'working'] as const) {
      const second = taskAfter(taskIn('assigned'), release(1), claim);
      const held = state === 'assigned' ? second : taskAfter(second, { type: 'accept', token: 2 });
      for (const token of [0, 1, 3]) expect(nextTask(held, events[name](token))).toBeUndefined();
    }
  });

  test('every claim gets a greater token, in whatever way the last one ended', () => {
    const ways: [TaskEvent, ...TaskEvent[]][] = [
      [release(1)],
      [finish(1, 'done')],
      [finish(1, 'failed')],
      [finish(1, 'blocked'), { type: 'retry' }],
      [{ type: 'close' }, { type: 'reopen' }],
    ];
    for (const way of ways) expect(taskAfter(taskIn('assigned'), ...way, claim).token).toBe(2);
  });
});

describe('attempts', () => {
  test('a claim and a restart count, a renewal does not', () => {
    const task = taskAfter(taskIn('working'), { type: 'renew', token: 1, leaseUntil: 5_000 });
    expect(task).toMatchObject({ attempts: 1, claim: { agent: 'kaede', node: 'local', leaseUntil: 5_000 } });
    const again = taskAfter(task, restart(1));
    // Told twice of the same crash, it counts it once.
    expect(nextTask(again, restart(1))).toBeUndefined();
    expect(again).toMatchObject({
      state: 'assigned',
      attempts: 2,
      token: 1,
      reason: 'crashed',
      claim: { agent: 'kaede', leaseUntil: 2_000 },
    });
  });

  test('a try that a person has taken back does not count, however often', () => {
    const takenBack = (token: number): TaskEvent => ({
      type: 'release',
      token,
      reason: 'taken back',
      at,
      isForgiven: true,
    });
    let task = taskIn('waiting');
    for (let token = 1; token <= 5; token += 1) {
      task = taskAfter(task, claim, takenBack(token));
      expect(task).toMatchObject({ state: 'waiting', attempts: 0, claim: null, reason: 'taken back' });
    }
    expect(nextTask(taskAfter(task, claim), takenBack(5))).toBeUndefined();
  });

  test.each(['finish', 'release', 'restart'] as const)(
    'at the last one, %s leaves it failed with the reason',
    (type) => {
      const last = taskAfter(taskIn('working'), restart(1));
      const end = { finish: finish(1, 'failed'), release: release(1), restart: restart(1, 2) }[type];
      const reason = { finish: 'it is failed', release: 'taken back', restart: 'crashed' }[type];
      expect(taskAfter(last, end)).toMatchObject({ state: 'failed', attempts: 2, claim: null, reason });
    },
  );

  test('the evidence of the last one is kept for the next and for a person, until the stage is done', () => {
    const crash = { type: 'restart', token: 1, leaseUntil: 2_000, reason: 'crashed' } as const;
    const crashed = taskAfter(taskIn('working'), { ...crash, attempt: 1, evidence: 'first' });
    expect(crashed).toMatchObject({ state: 'assigned', evidence: 'first' });
    const failed = taskAfter(crashed, { ...crash, attempt: 2, evidence: 'second' });
    expect(failed).toMatchObject({ state: 'failed', evidence: 'second' });
    expect(taskAfter(failed, { type: 'retry' }).evidence).toBe('');
    const takenBack = { type: 'release', token: 1, reason: 'taken back', at, evidence: 'third' } as const;
    const released = taskAfter(taskIn('working'), takenBack);
    expect(released).toMatchObject({ state: 'waiting', evidence: 'third' });
    const done = taskAfter(released, claim, finish(2, 'done'));
    expect(done).toMatchObject({ stageIndex: 1, evidence: '' });
  });

  test('one that is given back in good order does not count, even the last', () => {
    const last = taskAfter(taskIn('working'), release(1), claim);
    expect(last.attempts).toBe(2);
    expect(taskAfter(last, { type: 'return', token: 2 })).toMatchObject({
      state: 'waiting',
      attempts: 1,
      claim: null,
    });
  });

  test('at the last one it may still be done, or blocked', () => {
    const last = taskAfter(taskIn('working'), restart(1));
    expect(taskAfter(last, finish(1, 'done'))).toMatchObject({
      state: 'waiting',
      stageIndex: 1,
      attempts: 0,
    });
    expect(taskAfter(last, finish(1, 'blocked'))).toMatchObject({ state: 'blocked' });
  });

  test('a retry gives all of them again, and the same stage', () => {
    expect(taskAfter(taskIn('failed'), { type: 'retry' })).toMatchObject({
      attempts: 0,
      reason: '',
      stageIndex: 0,
    });
    const inReview = taskAfter(taskIn('waiting'), claim, finish(1, 'done'), claim, finish(2, 'blocked'));
    expect(taskAfter(inReview, { type: 'retry' })).toMatchObject({
      state: 'waiting',
      attempts: 0,
      stageIndex: 1,
    });
  });
});

describe('stages', () => {
  test('a stage that is done leads to the next with no attempt used, the last one to the end', () => {
    const second = taskAfter(taskIn('working'), finish(1, 'done'));
    expect(second).toMatchObject({ state: 'waiting', stageIndex: 1, attempts: 0, reason: '', claim: null });
    expect(stageOf(second)).toBe('review');
    const done = taskAfter(second, claim, finish(2, 'done'));
    expect(done).toMatchObject({ state: 'done', stageIndex: 2, claim: null });
    expect(stageOf(done)).toBeUndefined();
  });

  test('a stage that is not done stays', () => {
    expect(taskAfter(taskIn('working'), finish(1, 'failed'))).toMatchObject({
      stageIndex: 0,
      reason: 'it is failed',
    });
    expect(taskAfter(taskIn('working'), release(1))).toMatchObject({ stageIndex: 0, reason: 'taken back' });
  });

  test('a task that is done begins at the first stage when it is opened again; a closed one goes on', () => {
    expect(taskAfter(taskIn('done'), { type: 'reopen' })).toMatchObject({
      stageIndex: 0,
      attempts: 0,
      token: 2,
    });
    const inReview = taskAfter(taskIn('waiting'), claim, finish(1, 'done'), { type: 'close' });
    expect(taskAfter(inReview, { type: 'reopen' })).toMatchObject({ state: 'waiting', stageIndex: 1 });
  });

  test('an issue may enter at a later stage; a closed one begins when it is opened again', () => {
    expect(stageOf(createTask(sampleInput({ stageIndex: 1 })))).toBe('review');
    const closed = createTask(sampleInput({ issue: sampleIssue({ closed: true }) }));
    expect(closed).toMatchObject({ state: 'closed', stageIndex: 0 });
    expect(nextTask(closed, { type: 'reopen' })).toMatchObject({ state: 'waiting', stageIndex: 0 });
  });
});

describe('history', () => {
  test('every ended try is kept with its stage, agent, token and outcome', () => {
    const task = taskAfter(taskIn('waiting'), claim, release(1), claim, finish(2, 'done'));
    expect(task.history).toEqual([
      { stage: 'codegen', agent: 'kaede', token: 1, outcome: 'released', summary: 'taken back', at },
      { stage: 'codegen', agent: 'kaede', token: 2, outcome: 'done', summary: 'it is done', at },
    ]);
  });

  test('the latest 40 are kept', () => {
    let task = createTask(sampleInput({ maxAttempts: 1_000 }));
    for (let token = 1; token <= 45; token += 1) task = taskAfter(task, claim, release(token));
    expect(task.history.map(({ token }) => token)).toEqual(
      Array.from({ length: 40 }, (_, index) => index + 6),
    );
  });
});

test('resting is what nothing will happen to by itself; over is what is done or closed', () => {
  expect(states.filter((state) => isResting(taskIn(state)))).toEqual(['blocked', 'failed', 'done', 'closed']);
  expect(states.filter((state) => isOver(taskIn(state)))).toEqual(['done', 'closed']);
});

test('events touch neither the issue nor who may take it', () => {
  const agents = { codegen: 'kaede' };
  const task = taskIn('done', { agents });
  expect(task).toMatchObject({ version: 2, issue: sampleIssue(), agents });
});
