import { expect, test } from 'vitest';
import { crashed, killed, normal, shutdown } from '../../machines/supervision/exit-reason.ts';
import { table } from './core-table.ts';

const tolerant = { intensity: 10, period: 60 };

test('a sibling that fails in a one_for_all restart is what is tried again; the others wait undefined', () => {
  const supervisor = table({ ...tolerant, strategy: 'one_for_all' }, [{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
  for (const pid of ['a#1', 'b#1', 'c#1']) supervisor.started(pid);
  supervisor.exited('c#1');
  expect(supervisor.orders()).toEqual(['stop b#1']);
  supervisor.exited('b#1', shutdown);
  supervisor.exited('a#1', shutdown);
  expect(supervisor.orders()).toEqual(['start a#2']);
  supervisor.started('a#2');
  supervisor.tell({ type: 'suspend' });
  supervisor.failed('b#2');
  expect(supervisor.statuses()).toEqual(['running', 'restarting', 'undefined']);
  supervisor.tell({ type: 'resume' });
  expect(supervisor.orders()).toEqual(['stop a#2']);
});

test('calls that were waiting are answered between two tries; terminate_child ends the trying', () => {
  const supervisor = table(tolerant, [{ id: 'a' }]);
  supervisor.started('a#1');
  supervisor.exited('a#1');
  expect(supervisor.orders()).toEqual(['start a#2']);
  supervisor.call('which_children');
  supervisor.terminate('a');
  expect(supervisor.replies()).toEqual([]);
  supervisor.failed('a#2');
  expect(supervisor.replies()).toEqual([
    { ok: true, children: [{ id: 'a', pid: 'restarting', type: 'worker' }] },
    { ok: true },
  ]);
  expect(supervisor.orders()).toEqual([]);
  expect(supervisor.state().mailbox).toEqual([]);
});

test('a significant child that waits for its restart still counts as left', () => {
  const significant = { restart: 'transient', significant: true } as const;
  const flags = { ...tolerant, autoShutdown: 'all_significant' } as const;
  const supervisor = table(flags, [
    { id: 'a', ...significant },
    { id: 'b', ...significant },
  ]);
  supervisor.started('a#1');
  supervisor.started('b#1');
  supervisor.tell({ type: 'suspend' });
  supervisor.exited('a#1');
  supervisor.exited('b#1', normal);
  supervisor.tell({ type: 'resume' });
  supervisor.failed('a#2');
  expect(supervisor.state().phase).toBe('running');
  expect(supervisor.statuses()).toEqual(['restarting', 'undefined']);
  supervisor.started('a#3');
  supervisor.exited('a#3', normal);
  expect(supervisor.state()).toMatchObject({ phase: 'terminated', exit: { kind: 'shutdown' } });
});

test('a transient child that ends normally is no fault and not restarted', () => {
  const supervisor = table(tolerant, [{ id: 'a', restart: 'transient' }]);
  supervisor.started('a#1');
  supervisor.exited('a#1', normal);
  expect(supervisor.commands()).toEqual([]);
  expect(supervisor.statuses()).toEqual(['undefined']);
});

test('failures are counted until the child has run for resetAfter seconds since its latest start', () => {
  const backoff = { min: 1, max: 1, factor: 1, jitter: 0 };
  const supervisor = table({ ...tolerant, backoff, resetAfter: 10 }, [{ id: 'a' }]);
  supervisor.at(20_000);
  supervisor.started('a#1');
  const failures = [29_999, 39_998, 49_998].map((end, index) => {
    const [life, token] = [index + 1, index + 1];
    supervisor.at(end);
    supervisor.exited(`a#${life}`);
    const failures = supervisor.state().children[0]?.failures;
    supervisor.tell({ type: 'restart.try_again', id: 'a', token });
    supervisor.started(`a#${life + 1}`);
    return failures;
  });
  expect(failures).toEqual([1, 2, 1]);
});

test('with backoff the stopping of a group is part of the restart; without it no timer is set', () => {
  const backoff = { min: 1, max: 1, factor: 1, jitter: 0 };
  const start = (id: string) => ({ type: 'start', id });
  const stop = (id: string) => ({ type: 'stop', pids: [`${id}#1`] });
  for (const [flags, timers, steps] of [
    [{ backoff }, 1, [stop('b')]],
    [{}, 0, [stop('b'), start('a'), start('b'), start('c')]],
  ] as const) {
    const specs = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
    const supervisor = table({ ...tolerant, ...flags, strategy: 'one_for_all' }, specs);
    for (const pid of ['a#1', 'b#1', 'c#1']) supervisor.started(pid);
    supervisor.exited('a#1');
    expect(supervisor.orders()).toEqual(['stop c#1']);
    const waiting = { for: 'stop', pids: ['c#1'] };
    expect(supervisor.state().job).toEqual({ purpose: { type: 'restart' }, steps, waiting });
    expect(supervisor.state().timers).toBe(timers);
  }
});

test('with any_significant the first significant child to end by itself is enough', () => {
  const significant = { restart: 'transient', significant: true } as const;
  const supervisor = table({ ...tolerant, autoShutdown: 'any_significant' }, [
    { id: 'a', ...significant },
    { id: 'b', ...significant },
    { id: 'c', restart: 'temporary' },
  ]);
  for (const pid of ['a#1', 'b#1', 'c#1']) supervisor.started(pid);
  supervisor.exited('c#1', normal);
  expect(supervisor.state().phase).toBe('running');
  supervisor.exited('a#1', normal);
  expect(supervisor.orders()).toEqual(['stop b#1']);
});

test('two crashes in the mailbox cost one_for_all one restart', () => {
  const supervisor = table({ ...tolerant, strategy: 'one_for_all' }, [{ id: 'a' }, { id: 'b' }]);
  supervisor.started('a#1');
  supervisor.started('b#1');
  supervisor.tell({ type: 'suspend' });
  supervisor.exited('a#1');
  supervisor.exited('b#1');
  supervisor.call('count_children');
  supervisor.tell({ type: 'resume' });
  expect(supervisor.orders()).toEqual(['start a#2']);
  expect(supervisor.state().mailbox).toMatchObject([{ type: 'call' }]);
  expect(supervisor.reports()).toMatchObject([
    { report: 'child_terminated', pid: 'a#1' },
    { report: 'shutdown_error', pid: 'b#1' },
  ]);
  supervisor.started('a#2');
  supervisor.started('b#2');
  expect(supervisor.state().restarts).toHaveLength(1);
});

test('news of an earlier life, and answers nobody waits for, mean nothing', () => {
  const supervisor = table(tolerant, [{ id: 'a' }]);
  supervisor.started('a#1');
  supervisor.exited('a#1');
  supervisor.started('a#2');
  const before = supervisor.state();
  const meaningless = [
    () => supervisor.exited('a#1'),
    () => supervisor.started('a#1'),
    () => supervisor.started('a#2'),
    () => supervisor.tell({ type: 'restart.try_again', id: 'a', token: 99 }),
    () => supervisor.tell({ type: 'restart.try_again', id: 'unknown', token: null }),
    () => supervisor.tell({ type: 'init' }),
  ];
  for (const tell of meaningless) {
    tell();
    expect(supervisor.commands()).toEqual([]);
    expect(supervisor.state()).toEqual(before);
  }
});

test('the answer to another start than the one that is waited for means nothing', () => {
  const supervisor = table(tolerant, [{ id: 'a' }, { id: 'b' }]);
  const before = supervisor.state();
  supervisor.started('b#1');
  expect(supervisor.state()).toEqual(before);
  supervisor.started('a#1');
  expect(supervisor.orders()).toEqual(['start b#1']);
});

test('a step leaves the state it was given as it was, whatever is under way', () => {
  const supervisor = table(tolerant, []);
  supervisor.ask({ call: 'start_child', child: { id: 'a', start: { name: 'a' } } });
  const starting = supervisor.state();
  const before = structuredClone(starting);
  supervisor.started('a#1');
  expect(supervisor.statuses()).toEqual(['running']);
  expect(starting).toEqual(before);
});

test('a timer that was cancelled too late is not mistaken for its successor', () => {
  const backoff = { min: 100, max: 100, factor: 1, jitter: 0 };
  const supervisor = table({ ...tolerant, strategy: 'rest_for_one', backoff }, [{ id: 'a' }, { id: 'b' }]);
  supervisor.started('a#1');
  supervisor.started('b#1');
  supervisor.exited('b#1');
  supervisor.exited('a#1');
  supervisor.tell({ type: 'restart.try_again', id: 'b', token: 1 });
  supervisor.tell({ type: 'restart.try_again', id: 'a', token: 1 });
  expect(supervisor.orders()).toEqual([]);
  supervisor.tell({ type: 'restart.try_again', id: 'a', token: 2 });
  expect(supervisor.orders()).toEqual(['start a#2']);
});

test('a child that dies while it starts has not started', () => {
  const supervisor = table(tolerant, [{ id: 'a' }]);
  supervisor.exited('a#1');
  expect(supervisor.state()).toMatchObject({
    phase: 'terminated',
    exit: { kind: 'shutdown', detail: { term: 'failed_to_start_child', id: 'a' } },
  });
});

test('its exit is that failed start and nothing else: it is not read a second time', () => {
  const supervisor = table(tolerant, [{ id: 'a' }]);
  supervisor.started('a#1');
  supervisor.exited('a#1');
  supervisor.tell({ type: 'suspend' });
  supervisor.exited('a#2');
  expect(supervisor.reports()).toMatchObject([{ report: 'start_error', pid: 'a#2' }]);
  expect(supervisor.state().exits).toEqual({});
  expect(supervisor.state().mailbox).toEqual([{ type: 'restart.try_again', id: 'a', token: null }]);
});

test.each([
  ['permanent', 5000, shutdown, false],
  ['permanent', 5000, { kind: 'shutdown', detail: 1 }, true],
  ['permanent', 5000, normal, true],
  ['permanent', 5000, killed, true],
  ['permanent', 'brutal_kill', killed, false],
  ['permanent', 'brutal_kill', shutdown, true],
  ['transient', 'infinity', normal, false],
  ['transient', 'infinity', { kind: 'shutdown', detail: 1 }, false],
  ['transient', 'infinity', crashed('bug'), true],
  ['temporary', 'brutal_kill', killed, false],
  ['temporary', 'brutal_kill', normal, false],
  ['temporary', 5000, killed, true],
] as const)(
  '%s with shutdown %s that ends with %o: a shutdown error is %s',
  (restart, limit, reason, isError) => {
    const supervisor = table(tolerant, [{ id: 'a', restart, shutdown: limit }]);
    supervisor.started('a#1');
    supervisor.tell({ type: 'shutdown', reason: shutdown });
    expect(supervisor.orders()).toEqual([limit === 'brutal_kill' ? 'kill a#1' : 'stop a#1']);
    supervisor.exited('a#1', reason);
    const errors = isError ? [{ report: 'shutdown_error', id: 'a', pid: 'a#1', reason }] : [];
    expect(supervisor.reports()).toEqual(errors);
    expect(supervisor.state().exit).toEqual(shutdown);
  },
);

test('the exit of a child that is stopped is taken out of the mailbox, and no other', () => {
  const supervisor = table({ ...tolerant, strategy: 'rest_for_one' }, [
    { id: 'a' },
    { id: 'b' },
    { id: 'c' },
  ]);
  for (const pid of ['a#1', 'b#1', 'c#1']) supervisor.started(pid);
  supervisor.tell({ type: 'suspend' });
  for (const pid of ['b#1', 'a#1', 'c#1']) supervisor.exited(pid);
  supervisor.tell({ type: 'resume' });
  expect(supervisor.orders()).toEqual(['start b#2']);
  expect(supervisor.state().mailbox).toMatchObject([{ pid: 'a#1' }]);
  expect(supervisor.state().exits).toEqual({ 'a#1': crashed('bug') });
  supervisor.started('b#2');
  supervisor.started('c#2');
  expect(supervisor.orders()).toEqual(['stop c#2']);
});

test('dynamic children are stopped all at once, and the last of them is waited for', () => {
  const supervisor = table({ ...tolerant, strategy: 'simple_one_for_one' }, [{ id: 'job' }]);
  for (const pid of ['job-1#1', 'job-2#1', 'job-3#1']) {
    supervisor.ask({ call: 'start_child', child: { args: null } });
    supervisor.started(pid);
  }
  supervisor.tell({ type: 'shutdown', reason: shutdown });
  expect(supervisor.orders()).toEqual(['stop job-3#1', 'stop job-2#1', 'stop job-1#1']);
  supervisor.exited('job-2#1', shutdown);
  supervisor.exited('job-3#1', shutdown);
  expect(supervisor.state().phase).toBe('terminating');
  expect(supervisor.state().job?.waiting).toEqual({ for: 'stop', pids: ['job-1#1'] });
  expect(supervisor.state()).toMatchObject({ mailbox: [], exits: {} });
  supervisor.exited('job-1#1', shutdown);
  expect(supervisor.state()).toMatchObject({ phase: 'terminated', children: [], job: null });
});

test('calls that nobody got to are answered with noproc at the end', () => {
  const supervisor = table(tolerant, [{ id: 'a' }]);
  supervisor.started('a#1');
  supervisor.tell({ type: 'shutdown', reason: shutdown });
  supervisor.tell({ type: 'shutdown', reason: shutdown });
  supervisor.exited('stranger#1');
  supervisor.call('which_children');
  supervisor.exited('a#1', shutdown);
  expect(supervisor.replies()).toEqual([{ ok: false, error: 'noproc' }]);
  expect(supervisor.state().mailbox).toEqual([]);
  supervisor.call('count_children');
  expect(supervisor.replies()).toEqual([{ ok: false, error: 'noproc' }]);
});

test('ids that are names of every object are ids like others', () => {
  const supervisor = table(tolerant, [{ id: 'constructor' }, { id: '__proto__' }]);
  supervisor.started('constructor#1');
  expect(supervisor.orders()).toEqual(['start __proto__#1']);
});
