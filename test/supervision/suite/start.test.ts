/** How supervisors and children start, decline to start, and fail to. */
import { expect, test } from 'vitest';
import { fromPromise } from 'xstate';
import type { Birth } from '../../../machines/supervision/child-start.ts';
import { crashed, ignore, normal } from '../../../machines/supervision/exit-reason.ts';
import { supervisorMachine } from '../../../machines/supervisor.machine.ts';
import { childSpec } from '../../../src/supervision/supervisor-spec.ts';
import type { Habits } from '../stage.ts';
import { refused, started, supervise, unchecked } from './supervise.ts';

const declining: Habits = { fate: () => 'declines' };
const throwing: Habits = { fate: () => 'throws' };
const simple = { strategy: 'simple_one_for_one' } as const;

/** A nested supervisor whose configuration is made at its start. */
function configured(id: string, configure: (birth: Birth) => unknown) {
  const input = (birth: Birth) => unchecked(configure(birth));
  return childSpec({
    id,
    type: 'supervisor',
    start: { logic: supervisorMachine, input, ready: 'event' },
  });
}

test('sup_start_normal: an empty supervisor starts and ends with shutdown when it is asked to', async () => {
  const empty = await supervise({});
  expect(await empty.started).toEqual({ ok: true });
  expect(await empty.pids()).toEqual([]);
  await empty.shutDown();
  expect(empty.fate()).toBe('shutdown');
});

test('sup_start_ignore_init: a supervisor whose configuration declines is not started, which is no error', async () => {
  let isWanted = false;
  const inner = configured('inner', (birth) => ({ flags: {}, children: isWanted ? [] : ignore, birth }));
  const root = await supervise({}, () => [inner]);
  expect(await root.started).toEqual({ ok: true });
  expect(await root.pids()).toEqual(['inner undefined']);
  expect(await root.restartChild('inner')).toEqual(started(null));
  expect(root.reports).toEqual([]);
  isWanted = true;
  expect(await root.restartChild('inner')).toEqual(started('inner#3'));
  const declined = await supervise({}, () => unchecked(ignore));
  expect(await declined.started).toEqual({ ok: false, reason: normal });
  expect(declined.fate()).toBe('normal');
});

test('sup_start_ignore_child: a child that declines when it is added keeps its spec', async () => {
  const { worker, startChild, ...supervisor } = await supervise({});
  expect(await startChild(worker('a'))).toEqual(started('a#1'));
  expect(await startChild(worker('b', declining))).toEqual(started(null));
  expect(await supervisor.pids()).toEqual(['b undefined', 'a#1']);
  expect(await supervisor.counts()).toEqual([2, 1, 0, 2]);
});

test('sup_start_ignore_temporary_child: one that declines at the start of the supervisor is forgotten', async () => {
  const root = await supervise({}, (worker) => [
    worker('a', declining, { restart: 'temporary' }),
    worker('b'),
  ]);
  expect(await root.pids()).toEqual(['b#1']);
  expect(await root.counts()).toEqual([1, 1, 0, 1]);
});

test('sup_start_ignore_temporary_child_start_child: and so is one that is added', async () => {
  const { worker, startChild, pids, counts } = await supervise({});
  expect(await startChild(worker('a', declining, { restart: 'temporary' }))).toEqual(started(null));
  expect(await startChild(worker('b', {}, { restart: 'temporary' }))).toEqual(started('b#1'));
  expect(await pids()).toEqual(['b#1']);
  expect(await counts()).toEqual([1, 1, 0, 1]);
});

test('sup_start_ignore_temporary_child_start_child_simple: a dynamic child that declines leaves nothing', async () => {
  const restart = 'temporary';
  const root = await supervise(simple, (worker) => [worker('job', declining, { restart })]);
  expect(await root.startDynamicChild()).toEqual(started(null));
  expect(await root.pids()).toEqual([]);
  expect(await root.counts()).toEqual([1, 0, 0, 0]);
});

test('sup_start_ignore_permanent_child_start_child_simple: nor does a permanent one, and nothing is missed at the end', async () => {
  const root = await supervise(simple, (worker) => [worker('job', declining)]);
  expect(await root.startDynamicChild()).toEqual(started(null));
  expect(await root.pids()).toEqual([]);
  expect(await root.counts()).toEqual([1, 0, 0, 0]);
  await root.shutDown();
  expect(root.fate()).toBe('shutdown');
  expect(root.reports).toEqual([]);
});

test.each([
  ['a word for a configuration', 'junk', { term: 'invalid_type', value: undefined }],
  ['a word for flags', { flags: 'calm', children: [] }, { term: 'invalid_type', value: 'calm' }],
  ['null for flags', { flags: null, children: [] }, { term: 'invalid_type', value: null }],
])('sup_start_error_return: %s fails the start with what is wrong', async (_, configuration, reason) => {
  const error = crashed({ term: 'supervisor_data', reason });
  const root = await supervise({}, () => [configured('inner', () => configuration)]);
  const detail = { term: 'failed_to_start_child', id: 'inner', reason: error };
  expect(await root.started).toEqual({ ok: false, reason: { kind: 'shutdown', detail } });
});

test('sup_start_error_return: children that are no list fail the start', async () => {
  const root = await supervise({}, () => unchecked('children'));
  expect(await root.started).toEqual({ ok: false, reason: crashed({ term: 'bad_start_spec' }) });
  expect(root.supervisor.getSnapshot().output).toEqual(crashed({ term: 'bad_start_spec' }));
});

test('sup_start_fail: a configuration that throws fails the start of its supervisor', async () => {
  const fault = new Error('no such file');
  const root = await supervise({}, () => []);
  const inner = configured('inner', () => {
    throw fault;
  });
  expect(await root.startChild(inner)).toEqual({ ...refused('start_failed'), reason: crashed(fault) });
  expect(await root.pids()).toEqual([]);
  expect(root.fate()).toBe('running');
});

const untimely = childSpec({ id: 'a', start: { logic: fromPromise(async () => 'junk'), ready: 'event' } });

test('sup_start_child_returns_error: a child that throws, or is over before it is ready, is not added', async () => {
  const { worker, startChild, ...supervisor } = await supervise({});
  expect(await startChild(worker('a', throwing))).toMatchObject({
    ...refused('start_failed'),
    reason: { message: 'a does not start' },
  });
  expect(await startChild(untimely)).toEqual({ ...refused('start_failed'), reason: normal });
  expect(await supervisor.pids()).toEqual([]);
  expect(await supervisor.counts()).toEqual([0, 0, 0, 0]);
  expect(await startChild(worker('a'))).toMatchObject({ ok: true });
});

test('sup_start_restart_child_returns_error: the child stays where it was, and may be restarted later', async () => {
  let fate: 'works' | 'throws' = 'works';
  const root = await supervise({}, (worker) => [worker('a', { fate: () => fate })]);
  await root.terminateChild('a');
  fate = 'throws';
  expect(await root.restartChild('a')).toMatchObject(refused('start_failed'));
  expect(await root.pids()).toEqual(['a undefined']);
  fate = 'works';
  expect(await root.restartChild('a')).toEqual(started('a#3'));
});

test('sup_start_child_returns_error_simple: a dynamic child that fails to start leaves nothing', async () => {
  const root = await supervise(simple, (worker) => [worker('job', throwing)]);
  expect(await root.startDynamicChild()).toMatchObject({
    ...refused('start_failed'),
    reason: { message: 'job does not start' },
  });
  expect(await root.pids()).toEqual([]);
  expect(await root.counts()).toEqual([1, 0, 0, 0]);
});
