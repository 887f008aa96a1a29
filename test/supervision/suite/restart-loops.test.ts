/** A child whose restart takes its time and fails, again and again: between two tries the supervisor can be spoken to. */
import { expect, test } from 'vitest';
import { whichChildren } from '../../../src/supervision/calls.ts';
import type { Fate, Habits } from '../stage.ts';
import { callsTo, refused, type Supervised, started, supervise, template } from './supervise.ts';

/** Never too often: tries that take a second each. */
const tireless = { intensity: 3, period: 1 };
const slow = { start: { ready: 'event', startTimeout: 1000 } } as const;

/** What decides how the starts of one child go. */
interface Gate {
  fate: Fate;
}

function gated(gate: Gate): Habits {
  return { readyAfter: 0, fate: () => gate.fate };
}

/** The calls to a supervisor that is in the middle of a try. */
function patiently(root: Supervised): ReturnType<typeof callsTo> {
  return callsTo(root, root.supervisor, 1000);
}

/** How often the worker has been started or tried. */
function triesOf(root: Supervised, name: string): number {
  return root.log.filter((line) => line.endsWith(` +${name}`)).length;
}

test('hanging_restart_loop: calls wait for the end of a try and are answered before the next', async () => {
  const gate: Gate = { fate: 'works' };
  const root = await supervise(tireless, (worker) => [worker('a', gated(gate), slow), worker('b')]);
  gate.fate = 'hangs';
  await root.end('a', 'crash');
  const call = patiently(root);
  expect(await call.pids()).toEqual(['b#1', 'a restarting']);
  expect(root.clock.now()).toBe(1000);
  expect(await call.counts()).toEqual([2, 1, 0, 2]);
  expect(await call.startChild(root.worker('a'))).toEqual(refused('already_present'));
  expect(await call.restartChild('a')).toEqual(refused('restarting'));
  expect(await call.deleteChild('a')).toEqual(refused('restarting'));
  expect(triesOf(root, 'a')).toBe(1 + 6);
});

test('hanging_restart_loop: no answer comes before the try is over', async () => {
  const gate: Gate = { fate: 'works' };
  const root = await supervise(tireless, (worker) => [worker('a', gated(gate), slow)]);
  gate.fate = 'hangs';
  await root.end('a', 'crash');
  let isAnswered = false;
  void whichChildren(root.supervisor).then(() => {
    isAnswered = true;
  });
  await root.clock.advance(999);
  expect(isAnswered).toBe(false);
  await root.clock.advance(1);
  expect(isAnswered).toBe(true);
});

test('hanging_restart_loop: terminate_child ends the trying; the child may be restarted by hand', async () => {
  const gate: Gate = { fate: 'works' };
  const root = await supervise(tireless, (worker) => [worker('a', gated(gate), slow), worker('b')]);
  gate.fate = 'hangs';
  await root.end('a', 'crash');
  expect(await patiently(root).terminateChild('a')).toEqual({ ok: true });
  await root.clock.advance(10_000);
  expect(triesOf(root, 'a')).toBe(2);
  expect(await root.pids()).toEqual(['b#1', 'a undefined']);
  gate.fate = 'works';
  expect(await root.restartChild('a')).toMatchObject(started('a#3'));
});

test('hanging_restart_loop: the supervisor can be stopped', async () => {
  const gate: Gate = { fate: 'works' };
  const root = await supervise(tireless, (worker) => [worker('a', gated(gate), slow), worker('b')]);
  gate.fate = 'hangs';
  await root.end('a', 'crash');
  await root.clock.advance(2500);
  await root.shutDown(499);
  expect(root.fate()).toBe('running');
  await root.clock.advance(1);
  expect(root.fate()).toBe('shutdown');
  expect(root.takeLog().slice(-2)).toEqual(['3000 -a', '3000 -b']);
  await root.clock.advance(10_000);
  expect(root.log).toEqual([]);
});

test('hanging_restart_loop_rest_for_one: those before it run, those after it wait undefined', async () => {
  const gate: Gate = { fate: 'works' };
  const root = await supervise({ strategy: 'rest_for_one', ...tireless }, (worker) => [
    ...[worker('a'), worker('b', gated(gate), slow), worker('c'), worker('d')],
  ]);
  gate.fate = 'hangs';
  await root.end('b', 'crash');
  const call = patiently(root);
  expect(await call.pids()).toEqual(['d undefined', 'c undefined', 'b restarting', 'a#1']);
  expect(await call.counts()).toEqual([4, 1, 0, 4]);
  expect(await call.startChild(root.worker('b'))).toEqual(refused('already_present'));
  expect(await call.startChild(root.worker('c'))).toEqual(refused('already_present'));
  expect(await call.restartChild('b')).toEqual(refused('restarting'));
  expect(await call.deleteChild('b')).toEqual(refused('restarting'));
  expect(await call.terminateChild('b')).toEqual({ ok: true });
  await root.clock.advance(10_000);
  expect(triesOf(root, 'b')).toBe(1 + 7);
  expect(await root.pids()).toEqual(['d undefined', 'c undefined', 'b undefined', 'a#1']);
  gate.fate = 'works';
  await root.end('a', 'crash');
  expect(await root.pids()).toEqual(['d#2', 'c#2', 'b#9', 'a#2']);
});

test('hanging_restart_loop_rest_for_one: the supervisor can be stopped', async () => {
  const gate: Gate = { fate: 'works' };
  const root = await supervise({ strategy: 'rest_for_one', ...tireless }, (worker) => [
    ...[worker('a'), worker('b', gated(gate), slow), worker('c')],
  ]);
  gate.fate = 'hangs';
  await root.end('b', 'crash');
  await root.shutDown(1000);
  expect(root.takeLog().slice(-2)).toEqual(['1000 -b', '1000 -a']);
  expect(root.fate()).toBe('shutdown');
});

test('hanging_restart_loop_simple: a dynamic child in the loop is known by the pid of its last life', async () => {
  const gate: Gate = { fate: 'works' };
  const root = await supervise({ strategy: 'simple_one_for_one', ...tireless }, (worker) => [
    template(worker('job', {}, slow)),
  ]);
  await root.startDynamicChild(gated(gate));
  await root.startDynamicChild({ readyAfter: 0 });
  gate.fate = 'hangs';
  await root.end('job-1', 'crash');
  const call = patiently(root);
  expect((await call.pids()).toSorted()).toEqual(['job-1 restarting', 'job-2#1']);
  expect(await call.counts()).toEqual([1, 1, 0, 2]);
  expect(await call.restartChild('job-1#1')).toEqual(refused('simple_one_for_one'));
  expect(await call.deleteChild('job-1#1')).toEqual(refused('simple_one_for_one'));
  expect(await call.terminateChild('job-1#1')).toEqual({ ok: true });
  await root.clock.advance(10_000);
  expect(triesOf(root, 'job-1')).toBe(1 + 5);
  expect(await root.pids()).toEqual(['job-2#1']);
});

test('hanging_restart_loop_simple: the supervisor can be stopped', async () => {
  const gate: Gate = { fate: 'works' };
  const root = await supervise({ strategy: 'simple_one_for_one', ...tireless }, (worker) => [
    template(worker('job', {}, slow)),
  ]);
  await root.startDynamicChild(gated(gate));
  gate.fate = 'hangs';
  await root.end('job-1', 'crash');
  await root.shutDown(1000);
  expect(root.fate()).toBe('shutdown');
});
