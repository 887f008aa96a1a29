import { expect, test } from 'vitest';
import { backoffDelay, isBackoff } from '../../machines/supervision/backoff.ts';
import {
  deleteChild,
  restartChild,
  startChild,
  terminateChild,
  whichChildren,
} from '../../src/supervision/calls.ts';
import { describeTree } from '../../src/supervision/describe-tree.ts';
import { answerOf, crash, openStage } from './stage.ts';

const doubling = { min: 100, max: 1000, factor: 2, jitter: 0 };
const quick = { min: 1, max: 5000, factor: 4, jitter: 0 };
const patient = { intensity: 100, period: 60 };

test('a child that waits for its restart does not hold up its siblings', async () => {
  const { worker, start, clock, takeLog } = openStage();
  const children = [worker('a', { crashAfter: 10 }), worker('b'), worker('c')];
  const root = await start({ ...patient, backoff: doubling }, children);
  takeLog();
  await clock.advance(50);
  crash(root, 'b');
  await clock.advance(400);
  expect(takeLog()).toEqual(['10 -a', '50 -b', '110 +a', '120 -a', '150 +b', '320 +a', '330 -a']);
  expect(root.supervisor.getSnapshot().value).toEqual({ running: 'idle' });
});

test('calls are answered while a child waits, and terminate_child calls the restart off', async () => {
  const stage = openStage();
  const a = stage.worker('a');
  const { supervisor, ...root } = await stage.start({ ...patient, backoff: doubling }, [a]);
  crash({ supervisor, ...root }, 'a');
  await stage.clock.advance(50);
  const rows = { ok: true, children: [{ id: 'a', pid: 'restarting', type: 'worker' }] };
  expect(await answerOf(stage, whichChildren(supervisor))).toEqual(rows);
  expect(await answerOf(stage, restartChild(supervisor, 'a'))).toEqual({ ok: false, error: 'restarting' });
  expect(await answerOf(stage, deleteChild(supervisor, 'a'))).toEqual({ ok: false, error: 'restarting' });
  expect(await answerOf(stage, startChild(supervisor, a))).toEqual({ ok: false, error: 'already_present' });
  expect(stage.clock.pending).toBe(1);
  expect(await answerOf(stage, terminateChild(supervisor, 'a'))).toEqual({ ok: true });
  expect(stage.clock.pending).toBe(0);
  await stage.clock.advance(1000);
  expect(stage.log).toEqual(['0 +a', '0 -a']);
  expect(await answerOf(stage, restartChild(supervisor, 'a'))).toEqual({ ok: true, pid: 'a#2' });
});

test('a group stops at once and starts together after the delay; earlier siblings are not touched', async () => {
  const { worker, start, clock, takeLog } = openStage();
  const children = [worker('a'), worker('b'), worker('c')];
  const root = await start({ ...patient, strategy: 'rest_for_one', backoff: doubling }, children);
  takeLog();
  crash(root, 'b');
  await clock.advance(50);
  expect(takeLog()).toEqual(['0 -b', '0 -c']);
  expect(describeTree(root.supervisor).children.map(({ state }) => state)).toEqual([
    'running',
    'restarting',
    'undefined',
  ]);
  await clock.advance(50);
  expect(takeLog()).toEqual(['100 +b', '100 +c']);
});

test('a sibling that crashes meanwhile takes the waiting child into its own restart', async () => {
  const { worker, start, clock, takeLog } = openStage();
  const children = [worker('a'), worker('b')];
  const root = await start(
    { strategy: 'rest_for_one', intensity: 3, period: 60, backoff: doubling },
    children,
  );
  crash(root, 'b');
  await clock.advance(50);
  crash(root, 'a');
  await clock.advance(500);
  expect(takeLog()).toEqual(['0 +a', '0 +b', '0 -b', '50 -a', '150 +a', '150 +b']);
  expect(clock.pending).toBe(0);
  crash(root, 'b');
  await clock.advance(500);
  expect(describeTree(root.supervisor).restarts).toBe(3);
});

test('every restart is charged once: intensity 3 allows three, the fourth crash ends the supervisor', async () => {
  const { worker, start, clock, log } = openStage();
  const flags = { intensity: 3, period: 60, backoff: doubling };
  const { supervisor } = await start(flags, [worker('a', { crashAfter: 10 })]);
  await clock.advance(10_000);
  expect(log).toEqual([...['0 +a', '10 -a', '110 +a', '120 -a', '320 +a', '330 -a', '730 +a', '740 -a']]);
  expect(supervisor.getSnapshot()).toMatchObject({ status: 'done', output: { kind: 'shutdown' } });
});

test('failures are forgotten after exactly resetAfter seconds of uptime', async () => {
  const { worker, start, clock, takeLog } = openStage();
  const root = await start({ ...patient, resetAfter: 10, backoff: doubling }, [worker('a')]);
  for (const uptime of [1000, 1000, 9700]) {
    await clock.advance(uptime);
    crash(root, 'a');
    await clock.advance(500);
  }
  expect(takeLog().filter((line) => line.includes('+'))).toEqual(['0 +a', '1100 +a', '2700 +a', '12800 +a']);
});

test('a failed start counts as a failure like a crash: the next delay is longer', async () => {
  const { worker, start, clock, takeLog } = openStage();
  const prompt = { start: { ready: 'event', startTimeout: 10 } } as const;
  const spec = worker('a', { readyAfter: 5 }, prompt);
  const mute = worker('a', {}, prompt);
  const input = ({ pid }: { pid: string }) => (pid === 'a#1' ? spec : mute).start.input;
  const root = await start({ ...patient, backoff: doubling }, [{ ...spec, start: { ...spec.start, input } }]);
  await clock.advance(5);
  crash(root, 'a');
  await clock.advance(800);
  expect(takeLog()).toEqual(['0 +a', '5 -a', '105 +a', '115 -a', '315 +a', '325 -a', '725 +a', '735 -a']);
});

test('a millisecond is enough for the event loop to have its turn before every restart', async () => {
  const { worker, start, clock, log } = openStage();
  await start({ intensity: 1000, period: 60, backoff: quick }, [worker('a', { crashAfter: 0 })]);
  await clock.advance(0);
  expect(log).toEqual(['0 +a', '0 -a']);
  await clock.advance(1000);
  expect(log.filter((line) => line.includes('+'))).toEqual([
    '0 +a',
    '1 +a',
    '5 +a',
    '21 +a',
    '85 +a',
    '341 +a',
  ]);
});

test('jitter adds at most its share', () => {
  const backoff = { ...doubling, jitter: 0.5 };
  expect([1, 2, 3, 9].map((failures) => backoffDelay(backoff, failures, 0))).toEqual([100, 200, 400, 1000]);
  expect(backoffDelay(backoff, 9, 0.999)).toBeCloseTo(1499.5);
  expect(backoffDelay(quick, 1e6, 0)).toBe(quick.max);
});

test.each([
  ["the product's", quick],
  ['one at every limit', { min: 2 ** 30, max: 2 ** 30, factor: 1, jitter: 1 }],
])('%s is a backoff', (_, backoff) => {
  expect(isBackoff(backoff)).toBe(true);
});

test.each([
  undefined,
  null,
  100,
  'none',
  {},
  { max: 1, factor: 1, jitter: 0 },
  { min: 1, factor: 1, jitter: 0 },
  { min: 1, max: 1, jitter: 0 },
  { min: 1, max: 1, factor: 1 },
  { min: '1', max: 1, factor: 1, jitter: 0 },
  { min: 1, max: 2 ** 30 + 1, factor: 1, jitter: 0 },
  { min: 1, max: 1, factor: Number.NaN, jitter: 0 },
])('%o is none', (value) => {
  expect(isBackoff(value)).toBe(false);
});
