import { expect, test } from 'vitest';
import { startChild, whichChildren } from '../../src/supervision/calls.ts';
import { supervisorSpec } from '../../src/supervision/supervisor-spec.ts';
import { crash, openStage, supervisorAt } from './stage.ts';

const calm = { intensity: 1, period: 60 };

test('a crash inside an inner supervisor stays inside it', async () => {
  const { worker, start, clock, takeLog } = openStage();
  const root = await start({ strategy: 'one_for_all', ...calm }, [
    worker('a'),
    supervisorSpec('inner', { strategy: 'rest_for_one', ...calm }, [worker('b'), worker('c'), worker('d')]),
  ]);
  expect(takeLog()).toEqual(['0 +a', '0 +b', '0 +c', '0 +d']);
  crash(root, 'inner/c');
  await clock.advance(10);
  expect(takeLog()).toEqual(['0 -c', '0 -d', '0 +c', '0 +d']);
});

test('an inner supervisor that gives up is restarted with all its children by the one above', async () => {
  const { worker, start, clock, takeLog, reports } = openStage();
  const root = await start(calm, [
    worker('a'),
    supervisorSpec('inner', calm, [worker('b', { crashAfter: 100 }), worker('c')]),
  ]);
  takeLog();
  await clock.advance(250);
  expect(takeLog()).toEqual(['100 -b', '100 +b', '200 -b', '200 -c', '200 +b', '200 +c']);
  expect(reports.filter(({ report }) => report !== 'child_started')).toMatchObject([
    { supervisor: 'inner', report: 'child_terminated', id: 'b', pid: 'b#1' },
    { supervisor: 'inner', report: 'child_restarted', id: 'b', pid: 'b#2' },
    { supervisor: 'inner', report: 'child_terminated', id: 'b', pid: 'b#2' },
    { supervisor: 'inner', report: 'shutdown', id: 'b', reason: 'reached_max_restart_intensity' },
    { supervisor: '', report: 'child_terminated', id: 'inner', reason: { kind: 'shutdown' } },
    { supervisor: '', report: 'child_restarted', id: 'inner', pid: 'inner#2' },
  ]);
  await clock.advance(1000);
  expect(root.supervisor.getSnapshot()).toMatchObject({ status: 'done', output: { kind: 'shutdown' } });
  expect(clock.pending).toBe(0);
});

test('a transient inner supervisor that gives up is not restarted: it exits with shutdown', async () => {
  const { worker, start, clock } = openStage();
  const inner = supervisorSpec('inner', { intensity: 0 }, [worker('b', { crashAfter: 5 })], {
    restart: 'transient',
  });
  const { supervisor } = await start(calm, [inner]);
  await clock.advance(100);
  const rows = whichChildren(supervisor);
  await clock.advance(0);
  expect(await rows).toEqual({ ok: true, children: [{ id: 'inner', pid: 'undefined', type: 'supervisor' }] });
});

test('what follows an inner supervisor starts when all of that is ready', async () => {
  const { worker, start, clock, takeLog } = openStage();
  const slow = { start: { ready: 'event' } } as const;
  const { started } = await start(calm, [
    supervisorSpec('broker', calm, [
      worker('server', { readyAfter: 30 }, slow),
      worker('bus', { readyAfter: 20 }, slow),
    ]),
    worker('last'),
  ]);
  await clock.advance(100);
  expect(takeLog()).toEqual(['0 +server', '30 +bus', '50 +last']);
  expect(await started).toEqual({ ok: true });
});

test('a start that fails deep inside ends all that had started and fails the root', async () => {
  const { worker, start, clock, takeLog } = openStage();
  const never = { start: { ready: 'event', startTimeout: 40 } } as const;
  const { started } = await start(calm, [
    worker('a'),
    supervisorSpec('inner', calm, [worker('b'), worker('c', {}, never)]),
    worker('z'),
  ]);
  await clock.advance(100);
  expect(takeLog()).toEqual(['0 +a', '0 +b', '0 +c', '40 -c', '40 -b', '40 -a']);
  const cause = { kind: 'shutdown', detail: { term: 'failed_to_start_child', id: 'c', reason: 'timeout' } };
  const detail = { term: 'failed_to_start_child', id: 'inner', reason: cause };
  expect(await started).toEqual({ ok: false, reason: { kind: 'shutdown', detail } });
});

test('flags that OTP refuses fail the start', async () => {
  const { start } = openStage();
  const { started } = await start({ intensity: -1 }, []);
  const error = { term: 'supervisor_data', reason: { term: 'invalid_intensity', value: -1 } };
  expect(await started).toEqual({ ok: false, reason: { kind: 'error', error } });
});

test('a significant child that ends takes its supervisor along, and only that', async () => {
  const { worker, start, clock, takeLog } = openStage();
  const agent = supervisorSpec(
    'agent',
    { autoShutdown: 'any_significant', strategy: 'rest_for_one' },
    [worker('pane'), worker('session', { endAfter: 50 }, { restart: 'transient', significant: true })],
    { restart: 'temporary' },
  );
  const root = await start(calm, [supervisorSpec('agents', {}, [worker('idle')])]);
  const agents = supervisorAt(root, 'agents');
  takeLog();
  const begun = startChild(agents, agent);
  await clock.advance(100);
  expect(await begun).toEqual({ ok: true, pid: 'agent#1' });
  expect(takeLog()).toEqual(['0 +pane', '0 +session', '50 -session', '50 -pane']);
  const rows = whichChildren(agents);
  await clock.advance(0);
  expect(await rows).toEqual({ ok: true, children: [{ id: 'idle', pid: 'idle#1', type: 'worker' }] });
});
