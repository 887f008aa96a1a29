/** How far the end of a significant child reaches: not by way of its siblings, and up the tree only if it is told to. */
import { expect, test } from 'vitest';
import { supervisorSpec } from '../../../src/supervision/supervisor-spec.ts';
import { supervise } from './supervise.ts';

const modes = ['any_significant', 'all_significant'] as const;
const restarts = ['temporary', 'transient'] as const;

/** What becomes of significant bystanders, by strategy and restart type, when a sibling crashes. */
const bystanders = [
  { strategy: 'one_for_one', restart: 'temporary', left: ['c#1', 'b#2', 'a#1'] },
  { strategy: 'one_for_one', restart: 'transient', left: ['c#1', 'b#2', 'a#1'] },
  { strategy: 'one_for_all', restart: 'temporary', left: ['b#2'] },
  { strategy: 'one_for_all', restart: 'transient', left: ['c#2', 'b#2', 'a#2'] },
  { strategy: 'rest_for_one', restart: 'temporary', left: ['b#2', 'a#1'] },
  { strategy: 'rest_for_one', restart: 'transient', left: ['c#2', 'b#2', 'a#1'] },
] as const;

test.each(modes.flatMap((autoShutdown) => bystanders.map((row) => ({ autoShutdown, ...row }))))(
  'significant_bystander: $autoShutdown, $restart, $strategy',
  async (row) => {
    const { autoShutdown, strategy, restart, left } = row;
    const root = await supervise({ autoShutdown, strategy }, (worker) => [
      worker('a', {}, { restart, significant: true }),
      worker('b'),
      worker('c', {}, { restart, significant: true }),
    ]);
    await root.end('b', 'crash');
    expect(root.fate()).toBe('running');
    expect(await root.pids()).toEqual(left);
  },
);

/** What is left of an outer supervisor whose inner one shut down automatically. */
const outcomes = [
  { restart: 'temporary', significant: true, fate: 'shutdown', left: ['noproc'] },
  { restart: 'temporary', significant: false, fate: 'running', left: ['z#1'] },
  { restart: 'transient', significant: true, fate: 'shutdown', left: ['noproc'] },
  { restart: 'transient', significant: false, fate: 'running', left: ['z#1', 'inner undefined'] },
  { restart: 'permanent', significant: false, fate: 'running', left: ['z#1', 'inner#2'] },
] as const;

test.each(outcomes)('significant_escalation: $restart, significant $significant: $fate', async (row) => {
  const { restart, significant, fate, left } = row;
  const root = await supervise({ autoShutdown: 'any_significant' }, (worker) => [
    supervisorSpec(
      'inner',
      { autoShutdown: 'any_significant', backoff: 'none' },
      [worker('a', {}, { restart: 'transient', significant: true }), worker('b')],
      { restart, significant },
    ),
    worker('z'),
  ]);
  await root.end('inner/a', 'normal');
  expect(root.takeExits().slice(0, 3)).toEqual(['a#1 normal', 'b#1 shutdown', 'inner#1 shutdown']);
  expect(root.fate()).toBe(fate);
  expect(await root.pids()).toEqual(left);
});

test.each(restarts)(
  'significant_escalation: a %s inner supervisor that crashes too often',
  async (restart) => {
    const significant = true;
    const root = await supervise({ autoShutdown: 'any_significant' }, (worker) => [
      supervisorSpec('inner', { intensity: 0 }, [worker('a')], { restart, significant }),
    ]);
    await root.end('inner/a', 'crash');
    expect(root.takeExits()).toEqual(['a#1 crash', 'inner#1 shutdown']);
    expect(root.fate()).toBe('shutdown');
  },
);
