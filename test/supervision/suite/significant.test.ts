/** When the end of a child is the end of its supervisor: significant children and auto_shutdown. */
import { expect, test } from 'vitest';
import type { Fate } from '../stage.ts';
import { type Ending, type Supervised, supervise, template } from './supervise.ts';

const modes = ['never', 'any_significant', 'all_significant'] as const;

/** A child ends because its supervisor ends it, or by itself. */
type Way = 'terminate_child' | Ending;

/** Whether the end of a significant child of each type counts: it ends by itself and is not restarted. */
const ways: { way: Way; temporary: boolean; transient: boolean }[] = [
  { way: 'terminate_child', temporary: false, transient: false },
  { way: 'kill', temporary: true, transient: false },
  { way: 'crash', temporary: true, transient: false },
  { way: 'normal', temporary: true, transient: true },
  { way: 'shutdown', temporary: true, transient: true },
  { way: 'shutdown:detail', temporary: true, transient: true },
];

/** `child` is an id; under simple_one_for_one its `terminate_child` goes by the pid of its first life. */
async function endBy(root: Supervised, child: string, way: Way): Promise<void> {
  if (way !== 'terminate_child') await root.end(child, way);
  else expect(await root.terminateChild(child.includes('-') ? `${child}#1` : child)).toEqual({ ok: true });
}

const insignificant = modes.flatMap((autoShutdown) => ways.map(({ way }) => ({ autoShutdown, way })));

test.each(insignificant)('nonsignificant_temporary: $autoShutdown, $way', async ({ autoShutdown, way }) => {
  const root = await supervise({ autoShutdown }, (worker) => [
    worker('a', {}, { restart: 'temporary' }),
    worker('b'),
  ]);
  await endBy(root, 'a', way);
  expect(root.fate()).toBe('running');
  expect(await root.pids()).toEqual(['b#1']);
});

test.each(insignificant)('nonsignificant_transient: $autoShutdown, $way', async ({ autoShutdown, way }) => {
  const root = await supervise({ autoShutdown }, (worker) => [
    worker('a', {}, { restart: 'transient' }),
    worker('b'),
  ]);
  await endBy(root, 'a', way);
  expect(root.fate()).toBe('running');
  expect(await root.pids()).toEqual(['b#1', way === 'kill' || way === 'crash' ? 'a#2' : 'a undefined']);
});

type Mode = 'any_significant' | 'all_significant';

/** Two significant children of this restart type, and one that is not. */
function pair(autoShutdown: Mode, restart: 'temporary' | 'transient'): Promise<Supervised> {
  return supervise({ autoShutdown, intensity: 5 }, (worker) => [
    worker('a', {}, { restart, significant: true }),
    worker('b', {}, { restart, significant: true }),
    worker('c'),
  ]);
}

test.each(ways)('significant_temporary: any, $way of one', async ({ way, temporary }) => {
  const root = await pair('any_significant', 'temporary');
  await endBy(root, 'a', way);
  expect(root.fate()).toBe(temporary ? 'shutdown' : 'running');
  expect(root.log.slice(3)).toEqual(temporary ? ['0 -a', '0 -c', '0 -b'] : ['0 -a']);
});

test.each(ways)(
  'significant_temporary: all, $way of one and then of the last',
  async ({ way, temporary }) => {
    const root = await pair('all_significant', 'temporary');
    await endBy(root, 'a', way);
    expect(root.fate()).toBe('running');
    expect(await root.pids()).toEqual(['c#1', 'b#1']);
    await endBy(root, 'b', way);
    expect(root.fate()).toBe(temporary ? 'shutdown' : 'running');
  },
);

test('significant_temporary: all, one that the supervisor ended is not waited for', async () => {
  const root = await pair('all_significant', 'temporary');
  await root.terminateChild('a');
  await root.end('b', 'crash');
  expect(root.fate()).toBe('shutdown');
});

test.each(ways)('significant_transient: any, $way of one', async ({ way, transient }) => {
  const root = await pair('any_significant', 'transient');
  await endBy(root, 'a', way);
  expect(root.fate()).toBe(transient ? 'shutdown' : 'running');
  const isRestarted = way === 'kill' || way === 'crash';
  if (!transient) expect(await root.pids()).toEqual(['c#1', 'b#1', isRestarted ? 'a#2' : 'a undefined']);
});

test.each(ways)('significant_transient: all, $way of the last', async ({ way, transient }) => {
  const root = await pair('all_significant', 'transient');
  await root.end('a', 'normal');
  expect(root.fate()).toBe('running');
  expect(await root.pids()).toEqual(['c#1', 'b#1', 'a undefined']);
  await endBy(root, 'b', way);
  expect(root.fate()).toBe(transient ? 'shutdown' : 'running');
});

test('significant_transient: all, one that the supervisor ended is not waited for', async () => {
  const root = await pair('all_significant', 'transient');
  await root.terminateChild('a');
  await root.end('b', 'normal');
  expect(root.fate()).toBe('shutdown');
});

test('significant_transient: all, one that is being restarted is still left', async () => {
  let fate: Fate = 'works';
  const slow = { start: { ready: 'event', startTimeout: 1000 } } as const;
  const significant = { restart: 'transient', significant: true } as const;
  const root = await supervise({ autoShutdown: 'all_significant', intensity: 3, period: 1 }, (worker) => [
    worker('a', { readyAfter: 0, fate: () => fate }, { ...significant, ...slow }),
    worker('b', {}, significant),
  ]);
  fate = 'hangs';
  await root.end('a', 'crash');
  await root.end('b', 'normal');
  await root.clock.advance(1000);
  expect(root.fate()).toBe('running');
  fate = 'works';
  await root.clock.advance(1000);
  expect(await root.pids()).toEqual(['b undefined', 'a#4']);
  await root.end('a', 'normal');
  expect(root.fate()).toBe('shutdown');
});

/** Three significant dynamic children of this restart type. */
async function trio(autoShutdown: Mode, restart: 'temporary' | 'transient'): Promise<Supervised> {
  const flags = { strategy: 'simple_one_for_one', autoShutdown, intensity: 5 } as const;
  const root = await supervise(flags, (worker) => [
    template(worker('job', {}, { restart, significant: true })),
  ]);
  for (let started = 0; started < 3; started += 1) await root.startDynamicChild();
  return root;
}

const dynamicWays = ways.flatMap(({ way, ...counts }) => [
  { way, restart: 'temporary', counts: counts.temporary } as const,
  { way, restart: 'transient', counts: counts.transient } as const,
]);

test.each(dynamicWays)(
  'significant_simple: any, $way of a $restart child',
  async ({ way, restart, counts }) => {
    const root = await trio('any_significant', restart);
    await endBy(root, 'job-2', way);
    expect(root.fate()).toBe(counts ? 'shutdown' : 'running');
  },
);

test.each(dynamicWays)('significant_simple: all, $way of the last $restart child', async (row) => {
  const { way, restart, counts } = row;
  const root = await trio('all_significant', restart);
  await root.end('job-1', 'normal');
  await root.terminateChild('job-2#1');
  expect(root.fate()).toBe('running');
  expect(await root.pids()).toEqual(['job-3#1']);
  await endBy(root, 'job-3', way);
  expect(root.fate()).toBe(counts ? 'shutdown' : 'running');
});
