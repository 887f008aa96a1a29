import { expect, test } from 'vitest';
import { fromPromise } from 'xstate';
import { startChild, startDynamicChild } from '../../src/supervision/calls.ts';
import { describeTree } from '../../src/supervision/describe-tree.ts';
import { shutDown } from '../../src/supervision/shut-down.ts';
import { childSpec, supervisorSpec } from '../../src/supervision/supervisor-spec.ts';
import { answerOf, crash, openStage, type Stage } from './stage.ts';

/** A kill hook that takes its time, or for ever. */
function slowKill(stage: Stage, name: string, milliseconds: number): (cause: string) => Promise<void> {
  return (cause) =>
    new Promise((resolve) => {
      stage.note(`kill ${name}: ${cause}`);
      stage.clock.setTimeout(() => resolve(), milliseconds);
    });
}

test('children end in reverse, each waited for; one that hangs is stopped and killed when its time is up', async () => {
  const stage = openStage();
  const { supervisor } = await stage.start({}, [
    stage.worker('a', { drain: 50 }),
    stage.worker('b', { drain: 'for ever' }, { shutdown: 200, start: { kill: slowKill(stage, 'b', 40) } }),
    stage.worker('c', { drain: 300 }),
  ]);
  stage.takeLog();
  const ended = shutDown(supervisor, 10_000, stage.clock);
  await stage.clock.advance(5000);
  expect(stage.takeLog()).toEqual(['300 -c', '500 -b', '500 kill b: timeout', '590 -a']);
  expect(await ended).toEqual({ outcome: 'ended', reason: { kind: 'shutdown' } });
  expect(stage.reports.slice(3)).toEqual([
    { supervisor: '', report: 'shutdown_error', id: 'b', pid: 'b#1', reason: { kind: 'killed' } },
  ]);
});

test('a kill that never ends costs exactly its limit; one that fails costs nothing; both are reported', async () => {
  const stage = openStage();
  const brutal = { shutdown: 'brutal_kill' } as const;
  const { supervisor } = await stage.start({}, [
    stage.worker('a', {}, { ...brutal, start: { kill: slowKill(stage, 'a', 1e9), killTimeout: 500 } }),
    stage.worker('b', {}, { ...brutal, start: { kill: () => Promise.reject(new Error('no pane')) } }),
  ]);
  stage.takeLog();
  const ended = shutDown(supervisor, 10_000, stage.clock);
  await stage.clock.advance(499);
  expect(supervisor.getSnapshot().status).toBe('active');
  await stage.clock.advance(1);
  expect(stage.takeLog()).toEqual(['0 -b', '0 -a', '0 kill a: brutal']);
  expect(await ended).toEqual({ outcome: 'ended', reason: { kind: 'shutdown' } });
  expect(stage.reports.slice(2)).toMatchObject([
    { report: 'kill_failed', id: 'b', pid: 'b#1', path: 'b', reason: { message: 'no pane' } },
    { report: 'kill_failed', id: 'a', pid: 'a#1', path: 'a', reason: 'timeout' },
  ]);
});

test('a supervisor that is killed kills what its children hold outside', async () => {
  const stage = openStage();
  const agent = supervisorSpec(
    'agent',
    {},
    [
      stage.worker('pane', {}, { start: { kill: slowKill(stage, 'pane', 10) } }),
      stage.worker('session', { drain: 'for ever' }, { shutdown: 'infinity' }),
    ],
    { shutdown: 100 },
  );
  const { supervisor } = await stage.start({}, [stage.worker('a'), agent]);
  stage.takeLog();
  const ended = shutDown(supervisor, 10_000, stage.clock);
  await stage.clock.advance(1000);
  expect(stage.takeLog()).toEqual(['100 -session', '100 -pane', '100 kill pane: orphaned', '110 -a']);
  expect(await ended).toEqual({ outcome: 'ended', reason: { kind: 'shutdown' } });
});

test('when the deadline passes everything is stopped at once and every kill is called', async () => {
  const stage = openStage();
  const hung = { shutdown: 'infinity' } as const;
  const { supervisor } = await stage.start({}, [
    stage.worker('a', {}, { start: { kill: slowKill(stage, 'a', 20) } }),
    supervisorSpec('inner', {}, [
      stage.worker('b', {}, { start: { kill: slowKill(stage, 'b', 1e9), killTimeout: 30 } }),
      stage.worker('c', { drain: 'for ever' }, hung),
    ]),
  ]);
  stage.takeLog();
  const ended = shutDown(supervisor, 100, stage.clock);
  await stage.clock.advance(1000);
  expect(stage.takeLog()).toEqual([
    '100 -c',
    '100 -b',
    '100 -a',
    '100 kill b: orphaned',
    '100 kill a: orphaned',
  ]);
  expect(await ended).toEqual({ outcome: 'killed', unkilled: ['inner/b'] });
});

test('a supervisor that has ended already is shut down', async () => {
  const { worker, start, clock } = openStage();
  const { supervisor } = await start({ intensity: 0 }, [worker('a', { crashAfter: 1 })]);
  await clock.advance(10);
  expect(await shutDown(supervisor, 100, clock)).toEqual({ outcome: 'ended', reason: { kind: 'shutdown' } });
  expect(clock.pending).toBe(0);
});

test('a shutdown waits behind a start that is under way', async () => {
  const { worker, start, clock, log } = openStage();
  const slow = { start: { ready: 'event' } } as const;
  const { supervisor, started } = await start({}, [worker('a', { readyAfter: 50 }, slow), worker('b')]);
  const ended = shutDown(supervisor, 1000, clock);
  await clock.advance(200);
  expect(log).toEqual(['0 +a', '50 +b', '50 -b', '50 -a']);
  expect(await ended).toEqual({ outcome: 'ended', reason: { kind: 'shutdown' } });
  await started;
});

test('dynamic children end all at once, within one common limit', async () => {
  const stage = openStage();
  const template = stage.worker('job', { drain: 'for ever' }, { shutdown: 100 });
  const { supervisor } = await stage.start({ strategy: 'simple_one_for_one' }, [template]);
  for (let started = 0; started < 3; started += 1) await answerOf(stage, startDynamicChild(supervisor, null));
  stage.takeLog();
  const ended = shutDown(supervisor, 1000, stage.clock);
  await stage.clock.advance(100);
  expect(stage.takeLog()).toEqual(['100 -job', '100 -job', '100 -job']);
  expect(await ended).toEqual({ outcome: 'ended', reason: { kind: 'shutdown' } });
});

test('a child that crashed is not killed, one that did not start in time is', async () => {
  const stage = openStage();
  const slow = { start: { ready: 'event', startTimeout: 20, kill: slowKill(stage, 'b', 10) } } as const;
  const root = await stage.start({ intensity: 1, period: 60 }, [
    stage.worker('a', { crashAfter: 5 }, { restart: 'temporary', start: { kill: slowKill(stage, 'a', 10) } }),
  ]);
  const begun = startChild(root.supervisor, stage.worker('b', {}, slow));
  await stage.clock.advance(29);
  expect(stage.takeLog()).toEqual(['0 +a', '0 +b', '5 -a', '20 -b', '20 kill b: timeout']);
  await stage.clock.advance(1);
  expect(await begun).toEqual({ ok: false, error: 'start_failed', reason: 'timeout' });
});

test('a child hears nothing more by the time it is killed', async () => {
  const stage = openStage();
  let work: AbortSignal | undefined;
  const logic = fromPromise<void, object>(({ signal }) => {
    work = signal;
    return new Promise(() => undefined);
  });
  const wasAborted: unknown[] = [];
  const kill = async (): Promise<void> => {
    wasAborted.push(work?.aborted);
  };
  const spec = childSpec({ id: 'a', shutdown: 'brutal_kill', start: { logic, kill } });
  const { supervisor } = await stage.start({}, [spec]);
  const ended = shutDown(supervisor, 100, stage.clock);
  await stage.clock.advance(1);
  expect(wasAborted).toEqual([true]);
  expect(await ended).toEqual({ outcome: 'ended', reason: { kind: 'shutdown' } });
});

test('a shutdown calls off the restarts that are being waited for', async () => {
  const { worker, start, clock, takeLog } = openStage();
  const backoff = { min: 50, max: 50, factor: 1, jitter: 0 };
  const root = await start({ backoff }, [worker('a', { drain: 100 }), worker('b')]);
  crash(root, 'b');
  await clock.advance(0);
  const ended = shutDown(root.supervisor, 1000, clock);
  await clock.advance(10);
  expect(describeTree(root.supervisor)).toMatchObject({
    phase: 'terminating',
    children: [{}, { state: 'undefined' }],
  });
  await clock.advance(100);
  expect(takeLog()).toEqual(['0 +a', '0 +b', '0 -b', '100 -a']);
  expect(await ended).toEqual({ outcome: 'ended', reason: { kind: 'shutdown' } });
});
