/** What a supervisor forgets with a child that will not come back: its spec, and what it was started with. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { Restart } from '../../../machines/supervision/child-spec.ts';
import { refused, type Supervised, started, supervise, template } from './supervise.ts';

const restarts = ['permanent', 'transient', 'temporary'] as const;
const strategies = ['one_for_one', 'one_for_all', 'rest_for_one'] as const;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Whether anything still holds the object; a WeakRef itself does until the turn is over. */
async function isHeld(reference: WeakRef<object>): Promise<boolean> {
  await nextTurn();
  collectGarbage();
  return reference.deref() !== undefined;
}

/** Starts a child with habits that nobody but the supervisor knows of. */
async function startWithArguments(root: Supervised, restart: Restart): Promise<WeakRef<object>> {
  const habits = { drain: 0 };
  const isSimple = root.supervisor.getSnapshot().context.state.template !== null;
  if (isSimple) await root.startDynamicChild(habits);
  else await root.startChild(root.worker('job-1', habits, { restart }));
  return new WeakRef(habits);
}

test('simple_one_for_one_corruption: what a temporary child was started with goes when it does', async () => {
  const root = await supervise({ strategy: 'simple_one_for_one' }, (worker) => [
    template(worker('job', {}, { restart: 'temporary' })),
  ]);
  const habits = await startWithArguments(root, 'temporary');
  expect(await isHeld(habits)).toBe(true);
  await root.end('job-1', 'crash');
  // The test's own: a report holds its error, and that the stack of the crash.
  root.reports.splice(0);
  expect(await root.pids()).toEqual([]);
  expect(await isHeld(habits)).toBe(false);
  expect(await root.startDynamicChild()).toEqual(started('job-2#1'));
});

const everyStrategy = [...strategies, 'simple_one_for_one'] as const;

test.each(everyStrategy)(
  'do_not_save_start_parameters_for_temporary_children: under %s',
  async (strategy) => {
    const root = await supervise({ strategy }, (worker) =>
      strategy === 'simple_one_for_one' ? [template(worker('job', {}, { restart: 'temporary' }))] : [],
    );
    const habits = await startWithArguments(root, 'temporary');
    expect(await isHeld(habits)).toBe(true);
    await root.end('job-1', 'normal');
    expect(await root.pids()).toEqual([]);
    expect(await isHeld(habits)).toBe(false);
  },
);

test.each(everyStrategy)(
  'do_not_save_start_parameters_for_temporary_children: a permanent one needs them, under %s',
  async (strategy) => {
    const root = await supervise({ strategy }, (worker) =>
      strategy === 'simple_one_for_one' ? [template(worker('job'))] : [],
    );
    const habits = await startWithArguments(root, 'permanent');
    await root.end('job-1', 'normal');
    expect(await root.pids()).toEqual(['job-1#2']);
    expect(await isHeld(habits)).toBe(true);
  },
);

/** What start_child says of an id whose child ended so, by restart type. */
const answers = [
  { way: 'terminate_child', permanent: 'present', transient: 'present', temporary: 'gone' },
  { way: 'normal', permanent: 'restarted', transient: 'present', temporary: 'gone' },
  { way: 'shutdown', permanent: 'restarted', transient: 'present', temporary: 'gone' },
  { way: 'shutdown:detail', permanent: 'restarted', transient: 'present', temporary: 'gone' },
  { way: 'crash', permanent: 'restarted', transient: 'restarted', temporary: 'gone' },
  { way: 'kill', permanent: 'restarted', transient: 'restarted', temporary: 'gone' },
] as const;

const remains = strategies.flatMap((strategy) =>
  answers.flatMap(({ way, ...left }) =>
    restarts.map((restart) => ({ strategy, way, restart, left: left[restart] })),
  ),
);

test.each(remains)(
  'do_not_save_child_specs_for_temporary_children: $strategy, $restart, $way: $left',
  async (row) => {
    const { strategy, way, restart, left } = row;
    const root = await supervise({ strategy });
    const spec = root.worker('a', {}, { restart });
    await root.startChild(spec);
    if (way === 'terminate_child') await root.terminateChild('a');
    else await root.end('a', way);
    const answer = {
      present: refused('already_present'),
      restarted: { ...refused('already_started'), pid: 'a#2' },
      gone: started('a#2'),
    }[left];
    expect(await root.startChild(spec)).toEqual(answer);
  },
);

test.each(['one_for_all', 'rest_for_one'] as const)(
  'temporary_bystander: stopped with its sibling by %s, it is not started again',
  async (strategy) => {
    const root = await supervise({ strategy }, (worker) => [
      worker('a'),
      worker('b', {}, { restart: 'temporary' }),
      worker('c', {}, { restart: 'transient' }),
    ]);
    root.takeLog();
    await root.end('a', 'crash');
    expect(root.takeLog()).toEqual(['0 -a', '0 -c', '0 -b', '0 +a', '0 +c']);
    expect(await root.pids()).toEqual(['c#2', 'a#2']);
    expect(await root.getChildSpec('b')).toEqual(refused('not_found'));
  },
);
