/** Supervisors under supervisors. */
import { expect, test } from 'vitest';
import { supervisorSpec } from '../../../src/supervision/supervisor-spec.ts';
import { supervisorAt } from '../stage.ts';
import { callsTo, type Supervised, started, supervise, template } from './supervise.ts';

const once = { backoff: 'none', intensity: 1, period: 3600 } as const;

/** Three supervisors, one of each kind, whose fates are tied together. Two jobs have been started. */
async function plant(): Promise<Supervised> {
  const root = await supervise({ strategy: 'one_for_all', intensity: 1, period: 3600 }, (worker) => [
    supervisorSpec('first', once, [worker('a'), worker('b')]),
    supervisorSpec('second', { ...once, strategy: 'rest_for_one' }, [worker('c'), worker('d')], {
      restart: 'transient',
    }),
    supervisorSpec('jobs', { ...once, strategy: 'simple_one_for_one' }, [template(worker('job'))]),
  ]);
  const jobs = jobsOf(root);
  await jobs.startDynamicChild();
  await jobs.startDynamicChild();
  root.takeLog();
  return root;
}

function jobsOf(root: Supervised): ReturnType<typeof callsTo> {
  return callsTo(root, supervisorAt(root, 'jobs'));
}

test('tree: a restart inside one of the inner supervisors is noticed nowhere else', async () => {
  const root = await plant();
  await root.end('first/a', 'crash');
  expect(root.takeLog()).toEqual(['0 -a', '0 +a']);
  await root.end('second/c', 'kill');
  expect(root.takeLog()).toEqual(['0 -c', '0 -d', '0 +c', '0 +d']);
  await root.end('jobs/job-2', 'crash');
  expect(root.takeLog()).toEqual(['0 -job-2', '0 +job-2']);
  expect(await root.pids()).toEqual(['jobs#1', 'second#1', 'first#1']);
  expect(await root.counts()).toEqual([3, 3, 3, 0]);
});

test('tree: one that gives up is restarted by the strategy above it; dynamic children are lost', async () => {
  const root = await plant();
  await root.end('first/a', 'crash');
  root.takeLog();
  await root.end('first/a', 'crash');
  const log = root.takeLog();
  expect(log.splice(2, 2).sort()).toEqual(['0 -job-1', '0 -job-2']);
  expect(log).toEqual(['0 -a', '0 -b', '0 -d', '0 -c', '0 +a', '0 +b', '0 +c', '0 +d']);
  expect(await root.pids()).toEqual(['jobs#2', 'second#2', 'first#2']);
  const jobs = jobsOf(root);
  expect(await jobs.counts()).toEqual([1, 0, 0, 0]);
  expect(await jobs.startDynamicChild()).toEqual(started('job-1#1'));
});

test('tree: a transient supervisor that was terminated comes back with its siblings', async () => {
  const root = await plant();
  expect(await root.terminateChild('second')).toEqual({ ok: true });
  expect(root.takeLog()).toEqual(['0 -d', '0 -c']);
  expect(await root.pids()).toEqual(['jobs#1', 'second undefined', 'first#1']);
  await root.end('first', 'kill');
  expect(await root.pids()).toEqual(['jobs#2', 'second#2', 'first#2']);
  expect(root.takeLog().slice(-4)).toEqual(['0 +a', '0 +b', '0 +c', '0 +d']);
});

test('tree: when the root gives up too, everything has ended', async () => {
  const root = await plant();
  for (let crash = 0; crash < 3; crash += 1) await root.end('first/a', 'crash');
  root.takeLog();
  root.takeExits();
  await root.end('first/a', 'crash');
  expect(root.takeLog()).toEqual(['0 -a', '0 -b', '0 -d', '0 -c']);
  const ended = ['b#1', 'first#2', 'jobs#2', 'd#1', 'c#1', 'second#2'].map((pid) => `${pid} shutdown`);
  expect(root.takeExits()).toEqual(['a#2 crash', ...ended]);
  expect(root.fate()).toBe('shutdown');
});
