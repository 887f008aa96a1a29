import { expect, test } from 'vitest';
import { comparable } from './comparable.ts';
import type { Outcome, Scenario, SupervisorScript, TraceEntry } from './scenario.ts';

const flags = { intensity: 1, period: 5, auto_shutdown: 'never' } as const;
const worker = { id: 'a' };
const simple: SupervisorScript = { ...flags, strategy: 'simple_one_for_one', children: [worker] };
const inner: SupervisorScript = { ...flags, strategy: 'one_for_one', children: [worker, { id: 'b' }] };

function made(root: SupervisorScript, trace: TraceEntry[], ops: Scenario['ops'] = []): unknown {
  const results = ops.map(() => ({ specs: 1, active: -1, supervisors: 0, workers: 0 }));
  const outcome: Outcome = { init: 'ok', results, trace: trace.map((entry) => [...entry]), final: {} };
  return comparable({ name: '', root, ops }, outcome);
}

const nested = { ...inner, children: [{ id: 's', supervisor: inner }] };
const begun: TraceEntry[] = [
  ['start', 's/a', 1, 'ok'],
  ['start', 's/b', 1, 'ok'],
  ['start', 's', 1, 'ok'],
];

test('static children end in their order', () => {
  const ends: TraceEntry[] = [
    ['exit', 'b', 1, 'shutdown'],
    ['exit', 'a', 1, 'shutdown'],
    ['exit', '', 1, 'shutdown'],
  ];
  expect(made(inner, ends)).not.toEqual(made(inner, ends.toSpliced(0, 2, ...ends.slice(0, 2).reverse())));
});

test('dynamic children end in any order, and their bad ends are counted', () => {
  const otp: TraceEntry[] = [
    ['exit', 'd2', 1, 'oops'],
    ['exit', 'd1', 1, 'oops'],
    ['report', '', 'shutdown_error', 2, 'oops'],
    ['exit', '', 1, 'shutdown'],
  ];
  const ours: TraceEntry[] = [
    ['exit', 'd1', 1, 'oops'],
    ['report', '', 'shutdown_error', 'd1#1', 'oops'],
    ['exit', 'd2', 1, 'oops'],
    ['report', '', 'shutdown_error', 'd2#1', 'oops'],
    ['exit', '', 1, 'shutdown'],
  ];
  expect(made(simple, ours)).toEqual(made(simple, otp));
  expect(made(simple, ours.toSpliced(3, 1))).not.toEqual(made(simple, otp));
  expect(made(simple, ours.with(2, ['exit', 'd2', 1, 'killed']))).not.toEqual(made(simple, otp));
});

test('orphans may outlive their supervisor, and what they report then is of no account', () => {
  const otp: TraceEntry[] = [
    ...begun,
    ['exit', 's', 1, 'killed'],
    ['start', 's/a', 2, 'ok'],
    ['exit', 's/b', 1, 'killed'],
    ['exit', 's/a', 1, 'killed'],
  ];
  const ours: TraceEntry[] = [
    ...begun,
    ['exit', 's/b', 1, 'killed'],
    ['exit', 's/a', 1, 'killed'],
    ['exit', 's', 1, 'killed'],
    ['start', 's/a', 2, 'ok'],
  ];
  expect(made(nested, ours)).toEqual(made(nested, otp));
});

test('a child that ended before its supervisor was killed is no orphan', () => {
  const early: TraceEntry = ['exit', 's/b', 1, 'killed'];
  const killed: TraceEntry = ['exit', 's', 1, 'killed'];
  const late: TraceEntry = ['exit', 's/a', 1, 'killed'];
  expect(made(nested, [...begun, early, ['op', 'exit'], killed, late])).not.toEqual(
    made(nested, [...begun, ['op', 'exit'], killed, early, late]),
  );
});

test('what is active is compared, but for a supervisor that has lost count of it', () => {
  const count = { op: 'count_children' } as const;
  const terminate = { op: 'terminate_child', id: 'd1' } as const;
  const failed: TraceEntry = ['report', '', 'start_error', 'd1', 'start_failed'];
  const counts = (root: SupervisorScript, trace: TraceEntry[], ops: Scenario['ops']) =>
    JSON.stringify(made(root, trace, ops));
  expect(counts(simple, [failed], [terminate, count])).not.toContain('active');
  expect(counts(simple, [], [terminate, count])).toContain('active');
  expect(counts(simple, [failed], [count])).toContain('active');
  expect(counts(inner, [failed], [terminate, count])).toContain('active');
});
