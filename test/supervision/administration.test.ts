import { expect, test } from 'vitest';
import type { ChildSpec } from '../../machines/supervision/child-spec.ts';
import { shutdown } from '../../machines/supervision/exit-reason.ts';
import type { SupervisorFlags } from '../../machines/supervision/supervisor-flags.ts';
import { table } from './core-table.ts';

const tolerant = { intensity: 10, period: 60 };
const dynamic = { ...tolerant, strategy: 'simple_one_for_one' } as const;

const backoff = { min: 100, max: 100, factor: 1, jitter: 0 };

/** A dynamic supervisor with so many children, `job-1#1` and on. */
function jobs(count: number, flags: SupervisorFlags = {}) {
  const supervisor = table({ ...dynamic, ...flags }, [{ id: 'job' }]);
  for (let number = 1; number <= count; number += 1) {
    supervisor.ask({ call: 'start_child', child: { args: number } });
    supervisor.started(`job-${number}#1`);
  }
  return supervisor;
}

test.each([null, undefined, 'a', []])('%o is no spec', (child) => {
  const supervisor = table(tolerant, []);
  supervisor.ask({ call: 'start_child', child: child as never });
  const { term, value } = { term: 'invalid_child_spec', value: child };
  const [result] = supervisor.replies();
  expect(result).toMatchObject({ ok: false, error: 'invalid_child_spec' });
  if (!Array.isArray(child)) expect(result).toMatchObject({ reason: { term, value } });
});

test('a bad spec is refused with the reason', () => {
  const supervisor = table(tolerant, []);
  const child: unknown = { id: 'a', start: {}, restart: 'always' };
  supervisor.ask({ call: 'start_child', child: child as ChildSpec<{ name: string }> });
  const reason = { term: 'invalid_restart_type', value: 'always' };
  expect(supervisor.replies()).toEqual([{ ok: false, error: 'invalid_child_spec', reason }]);
  expect(supervisor.orders()).toEqual([]);
});

test('arguments for a static supervisor, and a spec for a dynamic one, are no specs', () => {
  const refusal = (value: unknown): object => ({
    ok: false,
    error: 'invalid_child_spec',
    reason: { term: 'invalid_child_spec', value },
  });
  const fixed = table(tolerant, []);
  fixed.ask({ call: 'start_child', child: { args: 1 } });
  expect(fixed.replies()).toEqual([refusal({ args: 1 })]);
  const spec = { id: 'a', start: { name: 'a' } };
  const supervisor = jobs(0);
  supervisor.ask({ call: 'start_child', child: spec });
  expect(supervisor.replies()).toEqual([refusal(spec)]);
});

test.each([
  ['ok', { type: 'ok' }, { ok: true, pid: 'a#1' }],
  ['ok with info', { type: 'ok', info: 7 }, { ok: true, pid: 'a#1', info: 7 }],
  ['ignore', { type: 'ignore' }, { ok: true, pid: null }],
  ['error', { type: 'error', reason: 'no' }, { ok: false, error: 'start_failed', reason: 'no' }],
] as const)('a start by a call that ends with %s is answered once', (_, result, answer) => {
  const supervisor = table(tolerant, []);
  supervisor.ask({ call: 'start_child', child: { id: 'a', start: { name: 'a' } } });
  expect(supervisor.replies()).toEqual([]);
  supervisor.tell({ type: 'child.started', pid: 'a#1', result });
  expect(supervisor.replies()).toStrictEqual([answer]);
  expect(supervisor.state().dynamicChildren).toBe(0);
});

test.each([
  ['permanent', 'ignore', ['undefined']],
  ['transient', 'ignore', ['undefined']],
  ['temporary', 'ignore', []],
  ['temporary', 'ok', ['running']],
] as const)('what is left of a %s child whose start ends with %s: %j', (restart, type, statuses) => {
  const initial = table(tolerant, [{ id: 'a', restart }]);
  initial.tell({ type: 'child.started', pid: 'a#1', result: { type } });
  expect(initial.statuses()).toEqual(statuses);
  const called = table(tolerant, []);
  called.ask({ call: 'start_child', child: { id: 'a', start: { name: 'a' }, restart } });
  called.tell({ type: 'child.started', pid: 'a#1', result: { type } });
  expect(called.statuses()).toEqual(statuses);
});

test('what is not there is not found', () => {
  const supervisor = table(tolerant, []);
  for (const call of ['terminate_child', 'restart_child', 'delete_child', 'get_childspec'] as const) {
    supervisor.ask({ call, child: 'a' });
    expect(supervisor.replies()).toEqual([{ ok: false, error: 'not_found' }]);
  }
});

test('a restart that nobody called for is no answer to anyone', () => {
  const supervisor = table(tolerant, [{ id: 'a' }]);
  supervisor.started('a#1');
  expect(supervisor.replies()).toEqual([]);
  supervisor.exited('a#1');
  supervisor.started('a#2');
  expect(supervisor.replies()).toEqual([]);
});

test.each([
  ['of a child that has ended', 'job-1#1', { ok: true }],
  ['of the latest', 'job-2#9', { ok: true }],
  ['with a number below the first', 'job-0#1', { ok: false, error: 'not_found' }],
  ['with a number beyond the latest', 'job-3#1', { ok: false, error: 'not_found' }],
  ['of another name of the same length', 'bob-1#1', { ok: false, error: 'not_found' }],
  ['that is an id', 'job-1', { ok: false, error: 'simple_one_for_one' }],
])('terminate_child under simple_one_for_one for a pid %s', (_, name, answer) => {
  const supervisor = jobs(2);
  for (const pid of ['job-1#1', 'job-2#1']) {
    supervisor.terminate(pid);
    expect(supervisor.orders()).toEqual([`stop ${pid}`]);
    supervisor.exited(pid, shutdown);
  }
  supervisor.terminate(name);
  expect(supervisor.replies()).toEqual([answer]);
  supervisor.ask({ call: 'get_childspec', child: name });
  const found = answer.ok ? { ok: true, spec: { id: 'job' } } : { ok: false, error: 'not_found' };
  expect(supervisor.replies()).toMatchObject([found]);
});

test('a dynamic child that waits for its restart answers to the pid of its last life, after failed tries too', () => {
  const supervisor = jobs(2, { backoff });
  supervisor.exited('job-1#1');
  supervisor.exited('job-2#1');
  expect(supervisor.statuses()).toEqual(['restarting', 'restarting']);
  supervisor.terminate('job-2#1');
  expect(supervisor.replies()).toEqual([{ ok: true }]);
  expect(supervisor.state().children).toMatchObject([{ id: 'job-1' }]);
  supervisor.tell({ type: 'restart.try_again', id: 'job-2', token: 2 });
  expect(supervisor.commands()).toEqual([]);
  supervisor.tell({ type: 'restart.try_again', id: 'job-1', token: 1 });
  expect(supervisor.orders()).toEqual(['start job-1#2']);
  supervisor.failed('job-1#2');
  supervisor.ask({ call: 'get_childspec', child: 'job-1#1' });
  expect(supervisor.replies()).toMatchObject([{ ok: true, spec: { id: 'job-1' } }]);
});

test('count_children sees at once that a static child has died, a dynamic one when its exit is read', () => {
  const counts = { specs: 1, active: 0, supervisors: 0, workers: 1 };
  const fixed = table(tolerant, [{ id: 'a' }]);
  fixed.started('a#1');
  const supervisor = jobs(1);
  for (const [each, pid, active] of [
    [fixed, 'a#1', 0],
    [supervisor, 'job-1#1', 1],
  ] as const) {
    each.tell({ type: 'suspend' });
    each.call('count_children');
    each.exited(pid);
    each.tell({ type: 'resume' });
    expect(each.replies()).toEqual([{ ok: true, counts: { ...counts, active } }]);
  }
});

test('count_children counts specs of both types, and as active only those that run', () => {
  const supervisor = table(tolerant, [
    { id: 'a', restart: 'transient' },
    { id: 'b', type: 'supervisor' },
    { id: 'c', type: 'supervisor' },
  ]);
  for (const pid of ['a#1', 'b#1', 'c#1']) supervisor.started(pid);
  supervisor.exited('a#1', shutdown);
  supervisor.call('count_children');
  const counts = { specs: 3, active: 2, supervisors: 2, workers: 1 };
  expect(supervisor.replies()).toEqual([{ ok: true, counts }]);
});

test('of dynamic children that have ended nothing is kept but their number', () => {
  const supervisor = jobs(2);
  for (const pid of ['job-1#1', 'job-2#1']) {
    supervisor.terminate(pid);
    supervisor.exited(pid, shutdown);
  }
  expect(supervisor.state()).toEqual({ ...jobs(0).state(), dynamicChildren: 2 });
});
