import { expect, test } from 'vitest';
import { incarnationId } from '../../machines/supervision/subtree.ts';
import { stateText } from '../../src/inspection/state-value.ts';
import { baselineEvent, type WireEvent, wireVersion } from '../../src/inspection/wire-event.ts';
import { actorsByPath, foldLive, isShown, nothingLive } from '../../src/page/model/live-state.ts';

type Told = Partial<{
  session: string;
  path: string;
  machine: string;
  edges: string[];
  routine: true;
  status: 'active' | 'done' | 'error' | 'stopped';
}>;

function snapshot(
  value: string,
  { session = 'x:1', path = 'a', machine = 'agent', edges, routine, status = 'active' }: Told = {},
): WireEvent {
  return {
    type: '@xstate.snapshot',
    _version: wireVersion,
    createdAt: '1',
    id: null,
    rootId: 'x:0',
    sessionId: session,
    orchestra: { path, machine, ...(edges && { edges }), ...(routine && { routine }) },
    event: { type: edges ? 'go' : baselineEvent },
    snapshot: { status, value, context: { turns: 1 } },
  };
}

const statesOf = (messages: WireEvent[]) =>
  Object.fromEntries(
    [...actorsByPath(foldLive(nothingLive, messages))].map(([path, { value, status }]) => [
      path,
      `${stateText(value)} ${status}`,
    ]),
  );

test('the newest snapshot of each machine counts', () => {
  expect(
    statesOf([snapshot('idle'), snapshot('open', { session: 'x:2', path: 'b' }), snapshot('working')]),
  ).toEqual({
    a: 'working active',
    b: 'open active',
  });
});

test('actors that are no machines and the frames around children are not shown', () => {
  expect(
    statesOf([snapshot('on', { machine: '' }), snapshot('running', { machine: incarnationId })]),
  ).toEqual({});
  expect(isShown(snapshot('on', { machine: incarnationId }))).toBe(false);
});

test('a machine that ended stays as it ended until another one lives in its place', () => {
  const ended = [snapshot('open'), snapshot('open', { status: 'error' })];
  expect(statesOf(ended)).toEqual({ a: 'open error' });
  expect(statesOf([...ended, snapshot('opening', { session: 'x:9' })])).toEqual({ a: 'opening active' });
});

test('of two lives on one path the younger is shown, in whichever order they speak', () => {
  const young = snapshot('opening', { session: 'x:2' });
  expect(statesOf([snapshot('closing'), young, snapshot('closed')])).toEqual({ a: 'opening active' });
});

test('every transition is a new turn, a repeated one too; a context that changes alone is none', () => {
  const edges = ['agent|tick|0'];
  const first = foldLive(nothingLive, [snapshot('idle'), snapshot('idle', { edges })]);
  const second = foldLive(first, [snapshot('idle', { edges })]);
  const third = foldLive(second, [snapshot('idle')]);
  const turns = [first, second, third].map((state) => actorsByPath(state).get('a')?.turn);
  expect(turns).toEqual([1, 2, 2]);
  expect(actorsByPath(third).get('a')?.edges).toEqual(edges);
});

test('routine moves a machine on, and marks and flashes nothing', () => {
  const moved = foldLive(nothingLive, [snapshot('idle'), snapshot('working', { edges: ['agent|go|0'] })]);
  const after = foldLive(moved, [snapshot('looking', { edges: ['agent|tick|0'], routine: true })]);
  expect(actorsByPath(after).get('a')).toMatchObject({ value: 'looking', turn: 1, edges: ['agent|go|0'] });
});

test('what concerns no machine changes nothing', () => {
  expect(foldLive(nothingLive, [snapshot('on', { machine: '' })])).toBe(nothingLive);
});
