/** Who is restarted with a crashed child under each static strategy, and what follows when that fails. */
import { expect, test } from 'vitest';
import type { Fate } from '../stage.ts';
import { supervise } from './supervise.ts';

/** As many restarts as these tests make, and one more is one too many. */
const twice = { intensity: 2, period: 3600 };

/** The fates of one start after the other; when they are used up starts go well. */
function inTurn(...fates: Fate[]): () => Fate {
  return () => fates.shift() ?? 'works';
}

/** Starts well once and never again. */
function onlyOnce(): () => Fate {
  let lives = 0;
  return () => {
    lives += 1;
    return lives === 1 ? 'works' : 'throws';
  };
}

test('multiple_restarts: a crash every 2.1 s is no reason to give up with intensity 1 in 1 s', async () => {
  const root = await supervise({ intensity: 1, period: 1 }, (worker) => [worker('a', { crashAfter: 2100 })]);
  await root.clock.advance(2100 * 20 + 1);
  expect(await root.pids()).toEqual(['a#21']);
  expect(root.fate()).toBe('running');
});

test('one_for_one: only the one that ended is started again; the third time in the window is too often', async () => {
  const root = await supervise(twice, (worker) => [worker('a'), worker('b')]);
  root.takeLog();
  await root.end('a', 'crash');
  expect(root.takeLog()).toEqual(['0 -a', '0 +a']);
  expect(await root.pids()).toEqual(['b#1', 'a#2']);
  await root.end('b', 'kill');
  expect(root.takeLog()).toEqual(['0 -b', '0 +b']);
  await root.end('b', 'crash');
  expect(root.takeLog()).toEqual(['0 -b', '0 -a']);
  expect(root.takeExits().at(-1)).toBe('a#2 shutdown');
  expect(root.fate()).toBe('shutdown');
  expect(root.reports.at(-1)).toMatchObject({ report: 'shutdown', id: 'b' });
});

test('one_for_one_escalation: a child that cannot be restarted takes the supervisor and its sibling down', async () => {
  const flags = { intensity: 4, period: 3600 };
  const root = await supervise(flags, (worker) => [worker('a', { fate: onlyOnce() }), worker('b')]);
  root.takeLog();
  await root.end('a', 'crash');
  expect(root.takeLog()).toEqual(['0 -a', '0 !a', '0 !a', '0 !a', '0 !a', '0 -b']);
  expect(root.takeExits()).toEqual(['a#1 crash', 'b#1 shutdown']);
  expect(root.fate()).toBe('shutdown');
});

test('one_for_all: with one all are ended, the last first, and started anew; the third time is too often', async () => {
  const root = await supervise({ strategy: 'one_for_all', ...twice }, (worker) => [
    ...[worker('a'), worker('b'), worker('c')],
  ]);
  root.takeLog();
  await root.end('b', 'crash');
  expect(root.takeLog()).toEqual(['0 -b', '0 -c', '0 -a', '0 +a', '0 +b', '0 +c']);
  expect(await root.pids()).toEqual(['c#2', 'b#2', 'a#2']);
  await root.end('a', 'crash');
  expect(await root.pids()).toEqual(['c#3', 'b#3', 'a#3']);
  root.takeLog();
  await root.end('a', 'crash');
  expect(root.takeLog()).toEqual(['0 -a', '0 -c', '0 -b']);
  expect(root.fate()).toBe('shutdown');
});

test('one_for_all_escalation: a sibling that cannot be restarted takes all down', async () => {
  const root = await supervise({ strategy: 'one_for_all', ...twice }, (worker) => [
    worker('a'),
    worker('b', { fate: onlyOnce() }),
  ]);
  root.takeLog();
  await root.end('a', 'crash');
  const again = ['0 +a', '0 !b', '0 -a'];
  expect(root.takeLog()).toEqual(['0 -a', '0 -b', ...again, ...again]);
  expect(root.fate()).toBe('shutdown');
});

test('one_for_all_other_child_fails_restart: those already started again are ended, and all start once more', async () => {
  const fate = inTurn('works', 'throws');
  const root = await supervise({ strategy: 'one_for_all', ...twice }, (worker) => [
    worker('a'),
    worker('b', { fate }),
    worker('c'),
  ]);
  root.takeLog();
  await root.end('a', 'crash');
  const ended = ['0 -a', '0 -c', '0 -b'];
  expect(root.takeLog()).toEqual([...ended, '0 +a', '0 !b', '0 -a', '0 +a', '0 +b', '0 +c']);
  expect(await root.pids()).toEqual(['c#2', 'b#3', 'a#3']);
  expect(root.takeExits().at(-1)).toBe('a#2 shutdown');
});

test('rest_for_one: those started after the one that ended go with it, those before it do not notice', async () => {
  const root = await supervise({ strategy: 'rest_for_one', ...twice }, (worker) => [
    ...[worker('a'), worker('b'), worker('c'), worker('d')],
  ]);
  root.takeLog();
  await root.end('b', 'crash');
  expect(root.takeLog()).toEqual(['0 -b', '0 -d', '0 -c', '0 +b', '0 +c', '0 +d']);
  expect(await root.pids()).toEqual(['d#2', 'c#2', 'b#2', 'a#1']);
  await root.end('d', 'crash');
  expect(root.takeLog()).toEqual(['0 -d', '0 +d']);
  await root.end('b', 'crash');
  expect(root.takeLog()).toEqual(['0 -b', '0 -d', '0 -c', '0 -a']);
  expect(root.fate()).toBe('shutdown');
});

test('rest_for_one_escalation: a later sibling that cannot be restarted takes all down', async () => {
  const root = await supervise({ strategy: 'rest_for_one', ...twice }, (worker) => [
    ...[worker('a'), worker('b'), worker('c', { fate: onlyOnce() })],
  ]);
  root.takeLog();
  await root.end('b', 'crash');
  expect(root.takeLog()).toEqual(['0 -b', '0 -c', '0 +b', '0 !c', '0 !c', '0 -b', '0 -a']);
  expect(root.fate()).toBe('shutdown');
});

test('rest_for_one_other_child_fails_restart: only the failing one is started again, not the one before it', async () => {
  const fate = inTurn('works', 'throws');
  const root = await supervise({ strategy: 'rest_for_one', ...twice }, (worker) => [
    ...[worker('a'), worker('b'), worker('c', { fate }), worker('d')],
  ]);
  root.takeLog();
  await root.end('b', 'crash');
  const ended = ['0 -b', '0 -d', '0 -c'];
  expect(root.takeLog()).toEqual([...ended, '0 +b', '0 !c', '0 +c', '0 +d']);
  expect(await root.pids()).toEqual(['d#2', 'c#3', 'b#2', 'a#1']);
});
