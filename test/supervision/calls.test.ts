import { expect, test } from 'vitest';
import {
  countChildren,
  deleteChild,
  getChildSpec,
  restartChild,
  startChild,
  startDynamicChild,
  terminateChild,
  whichChildren,
} from '../../src/supervision/calls.ts';
import { answerOf, crash, openStage } from './stage.ts';

const calm = { intensity: 5, period: 60 };
const backoff = { min: 1, max: 1, factor: 1, jitter: 0 };

test('the life of a static child by calls', async () => {
  const stage = openStage();
  const { supervisor } = await stage.start(calm, [stage.worker('a')]);
  const b = stage.worker('b', {}, { type: 'supervisor' });
  expect(await answerOf(stage, startChild(supervisor, b))).toEqual({ ok: true, pid: 'b#1' });
  expect(await answerOf(stage, startChild(supervisor, b))).toEqual({
    ok: false,
    error: 'already_started',
    pid: 'b#1',
  });
  expect(await answerOf(stage, deleteChild(supervisor, 'b'))).toEqual({ ok: false, error: 'running' });
  expect(await answerOf(stage, restartChild(supervisor, 'b'))).toEqual({ ok: false, error: 'running' });
  expect(await answerOf(stage, terminateChild(supervisor, 'b'))).toEqual({ ok: true });
  expect(await answerOf(stage, startChild(supervisor, b))).toEqual({ ok: false, error: 'already_present' });
  expect(await answerOf(stage, restartChild(supervisor, 'b'))).toEqual({ ok: true, pid: 'b#2' });
  expect(await answerOf(stage, whichChildren(supervisor))).toEqual({
    ok: true,
    children: [
      { id: 'b', pid: 'b#2', type: 'supervisor' },
      { id: 'a', pid: 'a#1', type: 'worker' },
    ],
  });
  expect(await answerOf(stage, countChildren(supervisor))).toEqual({
    ok: true,
    counts: { specs: 2, active: 2, supervisors: 1, workers: 1 },
  });
  expect(await answerOf(stage, terminateChild(supervisor, 'b'))).toEqual({ ok: true });
  expect(await answerOf(stage, deleteChild(supervisor, 'b'))).toEqual({ ok: true });
  expect(await answerOf(stage, deleteChild(supervisor, 'b'))).toEqual({ ok: false, error: 'not_found' });
  expect(await answerOf(stage, startChild(supervisor, b))).toEqual({ ok: true, pid: 'b#3' });
});

test('get_childspec shows every default', async () => {
  const stage = openStage();
  const a = stage.worker('a');
  const { supervisor } = await stage.start(calm, [a, stage.worker('s', {}, { type: 'supervisor' })]);
  const defaults = { id: 'a', start: a.start, restart: 'permanent', significant: false, shutdown: 5000 };
  expect(await answerOf(stage, getChildSpec(supervisor, 'a'))).toEqual({
    ok: true,
    spec: { ...defaults, type: 'worker' },
  });
  expect(await answerOf(stage, getChildSpec(supervisor, 's'))).toMatchObject({
    spec: { shutdown: 'infinity' },
  });
  expect(await answerOf(stage, getChildSpec(supervisor, 'x'))).toEqual({ ok: false, error: 'not_found' });
});

test('dynamic children are known by pid, and while they restart by that of their last life', async () => {
  const stage = openStage();
  const root = await stage.start({ ...calm, strategy: 'simple_one_for_one', backoff }, [stage.worker('job')]);
  const { supervisor } = root;
  expect(await answerOf(stage, startDynamicChild(supervisor, 1))).toEqual({ ok: true, pid: 'job-1#1' });
  expect(await answerOf(stage, startDynamicChild(supervisor, 2))).toEqual({ ok: true, pid: 'job-2#1' });
  expect(await answerOf(stage, getChildSpec(supervisor, 'job-2#1'))).toMatchObject({ ok: true });
  crash(root, 'job-1');
  await stage.clock.advance(0);
  expect(await answerOf(stage, terminateChild(supervisor, 'job-1#1'))).toEqual({ ok: true });
  await stage.clock.advance(100);
  expect(await answerOf(stage, countChildren(supervisor))).toMatchObject({
    counts: { active: 1, workers: 1 },
  });
  expect(await answerOf(stage, terminateChild(supervisor, 'job-1#1'))).toEqual({ ok: true });
  const { ok, error } = { ok: false, error: 'simple_one_for_one' };
  expect(await answerOf(stage, terminateChild(supervisor, 'job-2'))).toEqual({ ok, error });
  expect(await answerOf(stage, restartChild(supervisor, 'job-2'))).toEqual({ ok, error });
  expect(await answerOf(stage, deleteChild(supervisor, 'job-2'))).toEqual({ ok, error });
  expect(await answerOf(stage, terminateChild(supervisor, 'kaede#1'))).toEqual({ ok, error: 'not_found' });
  expect(await answerOf(stage, terminateChild(supervisor, 'job-9#1'))).toEqual({ ok, error: 'not_found' });
});

test('arguments reach the input of a dynamic child in each of its lives', async () => {
  const stage = openStage();
  const { start, ...template } = stage.worker('job');
  const seen: unknown[] = [];
  const input = (birth: { args: unknown; pid: string; path: string }): unknown => {
    seen.push([birth.args, birth.pid, birth.path]);
    return start.input;
  };
  const flags = { ...calm, strategy: 'simple_one_for_one' } as const;
  const root = await stage.start(flags, [{ ...template, start: { ...start, input } }]);
  await answerOf(stage, startDynamicChild(root.supervisor, 'issue 7'));
  crash(root, 'job-1');
  await stage.clock.advance(10);
  expect(seen).toEqual([
    ['issue 7', 'job-1#1', 'job-1'],
    ['issue 7', 'job-1#2', 'job-1'],
  ]);
});

test('maxChildren holds for both kinds of children', async () => {
  const stage = openStage();
  const full = { ok: false, error: 'max_children' };
  const fixed = await stage.start({ ...calm, maxChildren: 1 }, [stage.worker('a')]);
  expect(await answerOf(stage, startChild(fixed.supervisor, stage.worker('b')))).toEqual(full);
  const flags = { ...calm, strategy: 'simple_one_for_one', maxChildren: 1 } as const;
  const dynamic = await stage.start(flags, [stage.worker('a')]);
  expect(await answerOf(stage, startDynamicChild(dynamic.supervisor, 1))).toMatchObject({ ok: true });
  expect(await answerOf(stage, startDynamicChild(dynamic.supervisor, 2))).toEqual(full);
});

test('a spec for a dynamic supervisor, and arguments for a static one, are refused', async () => {
  const stage = openStage();
  const refusal = { ok: false, error: 'invalid_child_spec' };
  const fixed = await stage.start(calm, []);
  expect(await answerOf(stage, startDynamicChild(fixed.supervisor, 1))).toMatchObject(refusal);
  const dynamic = await stage.start({ ...calm, strategy: 'simple_one_for_one' }, [stage.worker('a')]);
  expect(await answerOf(stage, startChild(dynamic.supervisor, stage.worker('b')))).toMatchObject(refusal);
});
