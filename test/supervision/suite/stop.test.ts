/** How a supervisor ends its children: in time, by force, and whatever they do meanwhile. */
import { expect, test } from 'vitest';
import { reasonFrom } from '../replay/otp-words.ts';
import { endings, supervise, template } from './supervise.ts';

const simple = { strategy: 'simple_one_for_one' } as const;

test('sup_stop_infinity: a worker or a supervisor with shutdown infinity is waited for', async () => {
  const shutdown = 'infinity';
  const root = await supervise({}, (worker) => [
    worker('a', { drain: 1e6 }, { shutdown, type: 'supervisor' }),
    worker('b', { drain: 1e6 }, { shutdown }),
  ]);
  await root.shutDown(2e6);
  expect(root.log).toEqual(['0 +a', '0 +b', '1000000 -b', '2000000 -a']);
  expect(root.takeExits()).toEqual(['b#1 shutdown', 'a#1 shutdown']);
  expect(root.fate()).toBe('shutdown');
});

test('sup_stop_timeout: a child that hangs is killed when its time is up, the other ends in its own way', async () => {
  const root = await supervise({}, (worker) => [
    worker('a', {}, { shutdown: 1000 }),
    worker('b', { drain: 'for ever' }, { shutdown: 1000 }),
  ]);
  await root.shutDown(999);
  expect(root.fate()).toBe('running');
  await root.clock.advance(1);
  expect(root.takeExits()).toEqual(['b#1 killed', 'a#1 shutdown']);
  expect(root.fate()).toBe('shutdown');
});

test('sup_stop_timeout_dynamic: so is a dynamic child that hangs', async () => {
  const root = await supervise(simple, (worker) => [template(worker('job', {}, { shutdown: 1000 }))]);
  for (const drain of [0, 'for ever', 0] as const) await root.startDynamicChild({ drain });
  await root.shutDown(999);
  expect(root.takeExits().sort()).toEqual(['job-1#1 shutdown', 'job-3#1 shutdown']);
  expect(root.fate()).toBe('running');
  await root.clock.advance(1);
  expect(root.takeExits()).toEqual(['job-2#1 killed']);
  expect(root.fate()).toBe('shutdown');
});

test('sup_stop_brutal_kill: a child with brutal_kill is not asked, the others are', async () => {
  const root = await supervise({}, (worker) => [
    worker('a', { drain: 50 }),
    worker('b', { drain: 50 }, { shutdown: 'brutal_kill' }),
  ]);
  await root.shutDown(50);
  expect(root.log).toEqual(['0 +a', '0 +b', '0 -b', '50 -a']);
  expect(root.takeExits()).toEqual(['b#1 killed', 'a#1 shutdown']);
  expect(root.reports.map(({ report }) => report)).toEqual(['child_started', 'child_started']);
});

test('sup_stop_brutal_kill_dynamic: ten dynamic children with brutal_kill are all killed', async () => {
  const shutdown = 'brutal_kill';
  const root = await supervise(simple, (worker) => [template(worker('job', { drain: 50 }, { shutdown }))]);
  for (let started = 0; started < 10; started += 1) await root.startDynamicChild();
  await root.shutDown();
  const killed = Array.from({ length: 10 }, (_, index) => `job-${index + 1}#1 killed`);
  expect(root.takeExits().sort()).toEqual(killed.sort());
  expect(root.fate()).toBe('shutdown');
});

const races = (['permanent', 'transient', 'temporary'] as const).flatMap((restart) =>
  endings.map((end) => ({ restart, ...end })),
);

test.each(races)(
  'sup_stop_race: a $restart child ends with $ending behind the request to stop',
  async (race) => {
    const { restart, ending, reason } = race;
    const root = await supervise({}, (worker) => [worker('a', {}, { restart }), worker('b')]);
    root.supervisor.send({ type: 'supervisor.suspend' });
    root.supervisor.send({ type: 'shutdown' });
    await root.end('a', ending);
    root.supervisor.send({ type: 'supervisor.resume' });
    await root.clock.advance(0);
    expect(root.log).toEqual(['0 +a', '0 +b', '0 -a', '0 -b']);
    expect(root.takeExits()).toEqual([`a#1 ${reason}`, 'b#1 shutdown']);
    expect(root.fate()).toBe('shutdown');
  },
);

test.each(races)(
  'sup_stop_race: a $restart child ends with $ending while another is waited for',
  async (race) => {
    const { restart, ending, reason } = race;
    const root = await supervise({}, (worker) => [worker('a', {}, { restart }), worker('b', { drain: 50 })]);
    await root.shutDown(10);
    await root.end('a', ending);
    await root.clock.advance(40);
    expect(root.log).toEqual(['0 +a', '0 +b', '10 -a', '50 -b']);
    expect(root.takeExits()).toEqual([`a#1 ${reason}`, 'b#1 shutdown']);
    expect(root.fate()).toBe('shutdown');
  },
);

test.each(['normal', 'shutdown:detail', 'odd'])(
  'sup_stop_non_shutdown_exit_dynamic: dynamic children that end with %s, when asked to, disturb nobody',
  async (word) => {
    const root = await supervise(simple, (worker) => [template(worker('job', {}, { shutdown: 1000 }))]);
    for (let started = 0; started < 3; started += 1) {
      await root.startDynamicChild({ farewell: reasonFrom(word), drain: 10 });
    }
    await root.shutDown(10);
    expect(root.takeExits().sort()).toEqual([1, 2, 3].map((number) => `job-${number}#1 ${word}`));
    expect(root.fate()).toBe('shutdown');
  },
);
