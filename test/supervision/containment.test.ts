import { expect, test } from 'vitest';
import { fromCallback, fromPromise, setup } from 'xstate';
import { findChild } from '../../src/supervision/actor-tree.ts';
import { restartChild, startChild, terminateChild } from '../../src/supervision/calls.ts';
import { describeTree } from '../../src/supervision/describe-tree.ts';
import { childSpec, supervisorSpec } from '../../src/supervision/supervisor-spec.ts';
import { answerOf, crash, openStage, supervisorAt } from './stage.ts';

const calm = { intensity: 5, period: 60 };

test('actors left behind by a crash are stopped, deepest and youngest first', async () => {
  const { start, clock, note, takeLog } = openStage();
  const leaf = fromCallback<{ type: 'none' }, string>(
    ({ input }) =>
      () =>
        note(`-${input}`),
  );
  const branch = setup({ actors: { leaf } }).createMachine({
    invoke: [
      { src: 'leaf', input: 'twig' },
      { src: 'leaf', input: 'bud' },
    ],
  });
  const trunk = setup({
    types: { events: {} as { type: 'crash' | 'shutdown' } },
    actors: { leaf, branch },
    actions: {
      crash: () => {
        throw new Error('split');
      },
    },
  }).createMachine({
    invoke: [{ src: 'leaf', input: 'root' }, { src: 'branch' }],
    on: { crash: { actions: 'crash' } },
  });
  const root = await start(calm, [childSpec({ id: 'tree', start: { logic: trunk } })]);
  crash(root, 'tree');
  await clock.advance(0);
  expect(takeLog()).toEqual(['0 -bud', '0 -twig', '0 -root']);
  await clock.advance(1);
  expect(describeTree(root.supervisor).children).toMatchObject([{ pid: 'tree#2', state: 'running' }]);
});

test('a name that is taken fails the start of that child only', async () => {
  const stage = openStage();
  const named = { start: { systemId: 'bus' } };
  const root = await stage.start(calm, [stage.worker('a', {}, named)]);
  const refused = await answerOf(stage, startChild(root.supervisor, stage.worker('b', {}, named)));
  expect(refused).toMatchObject({ ok: false, error: 'start_failed' });
  expect(root.supervisor.getSnapshot().value).toEqual({ running: 'idle' });
  expect(Object.keys(root.supervisor.getSnapshot().children)).toEqual(['a#1']);
  expect(stage.takeLog()).toEqual(['0 +a']);
  crash(root, 'a');
  await stage.clock.advance(10);
  expect(stage.takeLog()).toEqual(['0 -a', '0 +a']);
  expect(root.supervisor.system.get('bus')).toBe(findChild(root.supervisor, 'a'));
});

test('a report hook that throws harms nobody', async () => {
  const stage = openStage({
    report: () => {
      throw new Error('the log is full');
    },
  });
  const root = await stage.start(calm, [stage.worker('a', { crashAfter: 5 })]);
  await stage.clock.advance(9);
  expect(stage.log).toEqual(['0 +a', '5 -a', '5 +a']);
  expect(await answerOf(stage, terminateChild(root.supervisor, 'a'))).toEqual({ ok: true });
});

test('an input function that throws is a failed start', async () => {
  const stage = openStage();
  const { supervisor } = await stage.start(calm, []);
  const spec = childSpec({
    id: 'a',
    start: {
      logic: fromPromise<void, string>(async () => undefined),
      input: () => {
        throw new Error('no input');
      },
    },
  });
  expect(await answerOf(stage, startChild(supervisor, spec))).toMatchObject({
    ok: false,
    error: 'start_failed',
  });
  expect(supervisor.getSnapshot().value).toEqual({ running: 'idle' });
});

test('a child whose clearing up throws when it is stopped is killed like any other', async () => {
  const stage = openStage();
  const logic = fromCallback<{ type: 'shutdown' }, object>(() => () => {
    throw new Error('stuck');
  });
  const kill = (): Promise<void> =>
    new Promise((resolve) => {
      stage.clock.setTimeout(() => resolve(), 30);
    });
  const spec = childSpec({ id: 'a', shutdown: 'brutal_kill', start: { logic, kill } });
  const { supervisor } = await stage.start(calm, [spec]);
  const ended = terminateChild(supervisor, 'a');
  await stage.clock.advance(29);
  expect(supervisor.getSnapshot().value).toEqual({ running: 'busy' });
  await stage.clock.advance(1);
  expect(await ended).toEqual({ ok: true });
  expect(stage.reports.map(({ report }) => report)).toEqual(['child_started']);
});

test('every life has its own actor, and nothing of earlier ones is left', async () => {
  const { worker, start, clock } = openStage();
  const { supervisor } = await start({ intensity: 100, period: 60, backoff: 'none' }, [
    worker('a', { crashAfter: 10 }),
    worker('b'),
  ]);
  await clock.advance(205);
  expect(Object.keys(supervisor.getSnapshot().children)).toEqual(['b#1', 'a#21']);
  expect(clock.pending).toBe(1);
});

test('a failing promise is a crashed child', async () => {
  const { start, clock, reports } = openStage();
  const failing = fromPromise<void, object>(() => Promise.reject(new Error('refused')));
  await start(calm, [childSpec({ id: 'a', restart: 'temporary', start: { logic: failing } })]);
  await clock.advance(0);
  expect(reports.at(-1)).toMatchObject({
    report: 'child_terminated',
    reason: { error: { message: 'refused' } },
  });
});

test('a child that is started by a call may tell the caller something', async () => {
  const stage = openStage();
  const ready = { start: { ready: 'event' } } as const;
  const { supervisor } = await stage.start(calm, []);
  const begun = startChild(supervisor, stage.worker('a', { readyAfter: 5 }, ready));
  await stage.clock.advance(5);
  expect(await begun).toEqual({ ok: true, pid: 'a#1', info: 'here' });
  expect(await answerOf(stage, terminateChild(supervisor, 'a'))).toEqual({ ok: true });
  const again = restartChild(supervisor, 'a');
  await stage.clock.advance(5);
  expect(await again).toEqual({ ok: true, pid: 'a#2', info: 'here' });
});

test('a child that becomes ready too late has failed, and is tried again until intensity is spent', async () => {
  const { worker, start, clock, takeLog, reports } = openStage();
  let isSlow = false;
  const slowed = worker('a', { readyAfter: 5 }, { start: { ready: 'event', startTimeout: 20 } });
  const sluggish = worker('a', {}, { start: { ready: 'event', startTimeout: 20 } });
  const spec = {
    ...slowed,
    start: { ...slowed.start, input: () => (isSlow ? sluggish.start.input : slowed.start.input) },
  };
  const root = await start({ intensity: 2, period: 60, backoff: 'none' }, [spec]);
  await clock.advance(5);
  isSlow = true;
  crash(root, 'a');
  await clock.advance(100);
  expect(takeLog()).toEqual(['0 +a', '5 -a', '5 +a', '25 -a', '25 +a', '45 -a']);
  expect(reports.map(({ report }) => report)).toEqual([
    ...['child_started', 'child_terminated', 'start_error', 'start_error', 'shutdown'],
  ]);
  expect(root.supervisor.getSnapshot().status).toBe('done');
});

test('a stopped supervisor answers noproc, also to those who were waiting', async () => {
  const { worker, start, clock } = openStage();
  const slow = { start: { ready: 'event' } } as const;
  const root = await start(calm, [supervisorSpec('inner', calm, [])]);
  const inner = supervisorAt(root, 'inner');
  const waiting = startChild(inner, worker('a', {}, slow));
  await clock.advance(10);
  root.supervisor.stop();
  expect(await waiting).toEqual({ ok: false, error: 'noproc' });
  expect(await startChild(inner, worker('a'))).toEqual({ ok: false, error: 'noproc' });
});
