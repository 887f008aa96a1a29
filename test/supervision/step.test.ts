import { expect, test } from 'vitest';
import type { ChildSpec } from '../../machines/supervision/child-spec.ts';
import type { Command } from '../../machines/supervision/command.ts';
import {
  crashed,
  type ExitReason,
  killed,
  normal,
  shutdown,
} from '../../machines/supervision/exit-reason.ts';
import type { Message } from '../../machines/supervision/message.ts';
import { step } from '../../machines/supervision/step.ts';
import type { SupervisorFlags } from '../../machines/supervision/supervisor-flags.ts';
import { initialState, type SupervisorState } from '../../machines/supervision/supervisor-state.ts';

type Start = { readonly name: string };

/** A supervisor whose commands the test answers itself. */
function table(flags: SupervisorFlags, specs: readonly Omit<ChildSpec<Start>, 'start'>[]) {
  const children = specs.map((spec) => ({ ...spec, start: { name: spec.id } }));
  let state: SupervisorState<Start> = initialState({ backoff: 'none', ...flags }, children);
  let commands: readonly Command<Start>[] = [];
  const tell = (message: Message<Start>): void => {
    ({ state, commands } = step(state, message, 0));
  };
  tell({ type: 'init' });
  return {
    tell,
    started: (pid: string) => tell({ type: 'child.started', pid, result: { type: 'ok' } }),
    failed: (pid: string) => tell({ type: 'child.started', pid, result: { type: 'error', reason: 'no' } }),
    exited: (pid: string, reason: ExitReason = crashed('bug')) => tell({ type: 'child.exited', pid, reason }),
    call: (call: 'which_children' | 'count_children') =>
      tell({ type: 'call', correlation: '1', request: { call } }),
    terminate: (child: string) =>
      tell({ type: 'call', correlation: '2', request: { call: 'terminate_child', child } }),
    /** What was ordered in answer to the last message: `start a#1`, `stop a#1`, `kill a#1`. */
    orders: () =>
      commands.flatMap((command) => {
        if (command.type === 'child.start') return [`start ${command.pid}`];
        return command.type === 'child.stop' ? [`${command.brutal ? 'kill' : 'stop'} ${command.pid}`] : [];
      }),
    reports: () => commands.flatMap((command) => (command.type === 'report' ? [command.report] : [])),
    replies: () => commands.flatMap((command) => (command.type === 'reply' ? [command.reply.result] : [])),
    statuses: () => state.children.map((child) => child.status.state),
    state: () => state,
  };
}

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
  supervisor.exited('a#1');
  supervisor.started('a#1');
  supervisor.tell({ type: 'restart.try_again', id: 'a', token: 99 });
  supervisor.tell({ type: 'init' });
  expect(supervisor.state()).toEqual(before);
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

test('calls that nobody got to are answered with noproc at the end', () => {
  const supervisor = table(tolerant, [{ id: 'a' }]);
  supervisor.started('a#1');
  supervisor.tell({ type: 'shutdown', reason: shutdown });
  supervisor.call('which_children');
  supervisor.exited('a#1', shutdown);
  expect(supervisor.replies()).toEqual([{ ok: false, error: 'noproc' }]);
  supervisor.call('count_children');
  expect(supervisor.replies()).toEqual([{ ok: false, error: 'noproc' }]);
});

test('ids that are names of every object are ids like others', () => {
  const supervisor = table(tolerant, [{ id: 'constructor' }, { id: '__proto__' }]);
  supervisor.started('constructor#1');
  expect(supervisor.orders()).toEqual(['start __proto__#1']);
});
