/** Children of one kind: each is restarted alone, and all are ended at once. */
import { expect, test } from 'vitest';
import type { Fate } from '../stage.ts';
import { supervise, template } from './supervise.ts';

const simple = { strategy: 'simple_one_for_one', intensity: 2, period: 3600 } as const;

test('simple_one_for_one: the one that ended is started again, until that was too often', async () => {
  const root = await supervise(simple, (worker) => [template(worker('job'))]);
  await root.startDynamicChild();
  await root.startDynamicChild();
  root.takeLog();
  await root.end('job-1', 'crash');
  expect(root.takeLog()).toEqual(['0 -job-1', '0 +job-1']);
  expect((await root.pids()).toSorted()).toEqual(['job-1#2', 'job-2#1']);
  await root.end('job-2', 'kill');
  expect((await root.pids()).toSorted()).toEqual(['job-1#2', 'job-2#2']);
  root.takeLog();
  await root.end('job-1', 'crash');
  expect(root.takeLog()).toEqual(['0 -job-1', '0 -job-2']);
  expect(root.takeExits().at(-1)).toBe('job-2#2 shutdown');
  expect(root.fate()).toBe('shutdown');
});

test('simple_one_for_one_shutdown: all end at the same time, so that it takes no longer than the slowest', async () => {
  const root = await supervise(simple, (worker) => [template(worker('job', {}, { shutdown: 2000 }))]);
  for (let started = 0; started < 10; started += 1) await root.startDynamicChild({ drain: 100 * started });
  await root.shutDown(899);
  expect(root.fate()).toBe('running');
  await root.clock.advance(1);
  expect(root.fate()).toBe('shutdown');
  expect(root.log.slice(10)).toEqual(
    Array.from({ length: 10 }, (_, index) => `${100 * index} -job-${index + 1}`),
  );
});

test('simple_one_for_one_shutdown: and those that hang are killed together', async () => {
  const root = await supervise(simple, (worker) => [template(worker('job', {}, { shutdown: 2000 }))]);
  for (const drain of [300, 'for ever', 'for ever'] as const) await root.startDynamicChild({ drain });
  await root.shutDown(1999);
  expect(root.takeExits()).toEqual(['job-1#1 shutdown']);
  expect(root.fate()).toBe('running');
  await root.clock.advance(1);
  expect(root.takeExits().sort()).toEqual(['job-2#1 killed', 'job-3#1 killed']);
  expect(root.fate()).toBe('shutdown');
});

test('simple_one_for_one_escalation: one that cannot be restarted takes all down', async () => {
  const root = await supervise(simple, (worker) => [template(worker('job'))]);
  const fates: Fate[] = ['works'];
  await root.startDynamicChild({ fate: () => fates.shift() ?? 'throws' });
  await root.startDynamicChild();
  root.takeLog();
  await root.end('job-1', 'crash');
  expect(root.takeLog()).toEqual(['0 -job-1', '0 !job-1', '0 !job-1', '0 -job-2']);
  expect(root.fate()).toBe('shutdown');
});
