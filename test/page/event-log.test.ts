import { expect, test } from 'vitest';
import { baselineEvent, type WireEvent, wireVersion } from '../../src/inspection/wire-event.ts';
import {
  EventLog,
  filterRows,
  isAtOrBelow,
  type LogRow,
  logCapacity,
  routineCapacity,
  rowsOfTransitions,
} from '../../src/page/model/event-log.ts';

const frame = (sessionId: string, path: string) => ({
  _version: wireVersion,
  createdAt: '1000',
  id: null,
  rootId: 'x:0',
  sessionId,
  orchestra: { path, machine: 'agent' },
});

const event = (type: string, path = 'a'): WireEvent => ({
  ...frame(path, path),
  type: '@xstate.event',
  event: { type },
});

const snapshot = (
  type: string,
  value: string,
  {
    path = 'a',
    status = 'active',
    routine,
  }: { path?: string; status?: 'active' | 'done'; routine?: true } = {},
): WireEvent => ({
  ...frame(path, path),
  orchestra: { path, machine: 'agent', ...(routine && { routine }) },
  type: '@xstate.snapshot',
  event: { type },
  snapshot: { status, value },
});

function logOf(...messages: WireEvent[]): readonly LogRow[] {
  const log = new EventLog();
  for (const message of messages) log.append([message]);
  return log.rows;
}

const short = (rows: readonly LogRow[]) =>
  rows.map(({ path, event: type, from, to, end }) => [path, type, from, to, end].filter(Boolean).join(' '));

test('an event and the snapshot it led to are one row', () => {
  expect(short(logOf(snapshot(baselineEvent, 'idle'), event('go'), snapshot('go', 'working')))).toEqual([
    'a go idle working',
  ]);
});

test('an event that changed no state is a row without one', () => {
  expect(short(logOf(snapshot(baselineEvent, 'idle'), event('tick'), snapshot('tick', 'idle')))).toEqual([
    'a tick idle',
  ]);
});

test('events of several machines that come between are told apart', () => {
  const rows = logOf(
    snapshot(baselineEvent, 'idle'),
    snapshot(baselineEvent, 'open', { path: 'b' }),
    event('go'),
    event('shut', 'b'),
    snapshot('go', 'working'),
    snapshot('shut', 'closed', { path: 'b', status: 'done' }),
  );
  expect(short(rows)).toEqual(['a go idle working', 'b shut open closed done']);
});

test('a change without an event of its own, as by a raised one, has its own row', () => {
  expect(short(logOf(snapshot('xstate.init', 'idle'), snapshot('raised', 'working')))).toEqual([
    'a xstate.init idle',
    'a raised idle working',
  ]);
});

test('a baseline is no event, and after it the old rows stay', () => {
  const log = new EventLog();
  log.append([event('go'), snapshot('go', 'working')]);
  log.restart();
  log.append([snapshot(baselineEvent, 'resting')]);
  log.append([event('go'), snapshot('go', 'working')]);
  expect(short(log.rows)).toEqual(['a go working', 'a go resting working']);
});

test('the oldest rows make room, and the newest still find their snapshots', () => {
  const log = new EventLog();
  log.append(Array.from({ length: logCapacity + 10 }, () => event('tick')));
  log.append([event('go')]);
  log.append([snapshot('go', 'working')]);
  expect(log.rows).toHaveLength(logCapacity);
  expect(short(log.rows).at(-1)).toBe('a go working');
  const ids = log.rows.map(({ id }) => id);
  expect(new Set(ids).size).toBe(logCapacity);
});

test('what was given out is not changed afterwards', () => {
  const log = new EventLog();
  log.append([event('go')]);
  const before = log.rows;
  log.append([snapshot('go', 'working')]);
  expect(short(before)).toEqual(['a go']);
});

test('rows are filtered by place and by change', () => {
  const rows = logOf(event('tick', 'a/b'), event('go', 'ab'), snapshot('go', 'on', { path: 'ab' }));
  expect(short(filterRows(rows, { below: 'a', changesOnly: false, routine: false }))).toEqual(['a/b tick']);
  expect(short(filterRows(rows, { below: '', changesOnly: true, routine: false }))).toEqual(['ab go on']);
  expect(isAtOrBelow('a', 'a') && isAtOrBelow('anything', '')).toBe(true);
});

test('routine is a row that is shown when it is asked for, and what differs from it always is', () => {
  const rows = logOf(
    snapshot(baselineEvent, 'resting'),
    event('tick'),
    snapshot('tick', 'looking', { routine: true }),
    event('changed'),
    snapshot('changed', 'stale'),
  );
  const every = { below: '', changesOnly: false };
  expect(short(filterRows(rows, { ...every, routine: true }))).toEqual([
    'a tick resting looking',
    'a changed looking stale',
  ]);
  expect(short(filterRows(rows, { ...every, routine: false }))).toEqual(['a changed looking stale']);
});

test('routine makes room for everything else, and the newest of it stays', () => {
  const log = new EventLog();
  log.append([event('go'), snapshot('go', 'working')]);
  const round = (index: number) => [
    event('tick'),
    snapshot('tick', index % 2 === 0 ? 'looking' : 'resting', { routine: true }),
  ];
  log.append(Array.from({ length: 2 * logCapacity }, (_, index) => round(index)).flat());
  expect(short(log.rows)[0]).toBe('a go working');
  expect(log.rows).toHaveLength(routineCapacity + 1);
  log.append([event('rest'), snapshot('rest', 'idle')]);
  expect(short(log.rows).at(-1)).toBe('a rest resting idle');
});

test('recorded transitions are rows', () => {
  const rows = rowsOfTransitions([
    {
      at: 1,
      path: 'a',
      machine: 'agent',
      life: 'x',
      event: 'go',
      from: null,
      to: { on: 'well' },
      status: 'error',
      edges: [],
      boot: 'b',
      node: 'n',
      missing: 3,
    },
  ]);
  expect(rows).toEqual([
    { id: 0, at: 1, path: 'a', event: 'go', from: '', to: 'on.well', end: 'error', missing: 3 },
  ]);
});
