import { expect, test } from 'vitest';
import { pathLabel } from '../../src/page/model/path-label.ts';
import { sectionsBelow } from '../../src/page/model/sections.ts';
import type { StageActor } from '../../src/page/model/stage-actor.ts';
import { treeMove } from '../../src/page/model/tree-keys.ts';
import { openRows, rowsOfPaths, rowsOfSupervisors } from '../../src/page/model/tree-rows.ts';
import { CannedOrchestra } from './canned-orchestra.ts';

const faces = [{ name: 'kaede', symbol: '🎹', title: 'カエデ' }];
const { tree, machines } = new CannedOrchestra({ agents: faces });
const rows = rowsOfSupervisors(tree);
const pathsOf = (some: readonly { path: string }[]) => some.map(({ path }) => path);
const alive = (path: string, machine = 'agent'): [string, StageActor] => [
  path,
  { path, machine, value: 'on', status: 'active', edges: [], turn: 0 },
];

test('the supervision tree as rows: parents before children, numbered among their siblings', () => {
  expect(rows.slice(0, 3).map(({ id, level, place, siblings }) => [id, level, place, siblings])).toEqual([
    ['orchestra', 1, 1, 1],
    ['broker', 2, 1, 4],
    ['natsServer', 3, 1, 3],
  ]);
  expect(rows.find(({ id }) => id === 'agent:kaede')).toMatchObject({
    level: 4,
    isSupervisor: true,
    hasChildren: true,
  });
});

test('a shut branch hides what is below it, whatever is shut within', () => {
  const seen = openRows(rows, new Set(['ensemble', 'ensemble/agents']));
  expect(pathsOf(seen)).toContain('ensemble');
  expect(pathsOf(seen).filter((path) => path.startsWith('ensemble/'))).toEqual([]);
  expect(pathsOf(seen)).toContain('work');
});

test('the tree of a recording has the places between its paths', () => {
  const recorded = rowsOfPaths(['a/b/c', 'a/d'], new Map([alive('a/d')]));
  expect(recorded.map(({ path, level, state }) => [path, level, state])).toEqual([
    ['', 1, 'unknown'],
    ['a', 2, 'unknown'],
    ['a/b', 3, 'unknown'],
    ['a/b/c', 4, 'unknown'],
    ['a/d', 3, 'running'],
  ]);
});

const noneShut = new Set<string>();
test.each([
  ['ArrowDown', '', { do: 'focus', path: 'broker' }],
  ['ArrowUp', 'broker', { do: 'focus', path: '' }],
  ['ArrowRight', 'broker', { do: 'focus', path: 'broker/natsServer' }],
  ['ArrowRight', 'broker/bus', undefined],
  ['ArrowLeft', 'broker', { do: 'close', path: 'broker' }],
  ['ArrowLeft', 'broker/bus', { do: 'focus', path: 'broker' }],
  ['Home', 'work', { do: 'focus', path: '' }],
  ['End', '', { do: 'focus', path: 'services/http' }],
  ['k', '', { do: 'focus', path: 'ensemble/agents/agent:kaede' }],
  ['Escape', '', undefined],
] as const)('%s from "%s"', (key, from, expected) => {
  expect(treeMove(rows, from, key, noneShut)).toEqual(expected);
});

test('a shut branch is opened first', () => {
  expect(treeMove(rows, 'broker', 'ArrowRight', new Set(['broker']))).toEqual({ do: 'open', path: 'broker' });
});

test('one section a supervisor, its own card first, and inner machines after the child that runs them', () => {
  const actors = new Map([
    ...machines.map(({ path, machine }) => alive(path, machine)),
    alive('services/watchdog/senses', 'stall'),
  ]);
  const sections = sectionsBelow(rows, actors, 'services');
  expect(sections.map(({ path, cards }) => [path, pathsOf(cards)])).toEqual([
    [
      'services',
      [
        'services',
        'services/control',
        'services/watchdog',
        'services/watchdog/senses',
        'services/config',
        'services/overview',
        'services/http',
      ],
    ],
  ]);
  const everything = sectionsBelow(rows, actors, '').flatMap(({ cards }) => pathsOf(cards));
  expect(everything.toSorted()).toEqual([...actors.keys()].toSorted());
});

test.each([
  ['', 'orchestra'],
  ['broker', 'broker'],
  ['services/http', 'services › http'],
  ['ensemble/agents/agent:kaede', '🎹 kaede'],
  ['ensemble/agents/agent:kaede/pane/x', '🎹 kaede › pane › x'],
  ['ensemble/agents/agent:momiji/pane', 'momiji › pane'],
])('the path "%s" is called %s', (path, label) => {
  expect(pathLabel(path, faces)).toBe(label);
});
