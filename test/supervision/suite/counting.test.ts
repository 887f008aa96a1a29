/** What count_children counts: specs, children that run, supervisors, workers. */
import { expect, test } from 'vitest';
import { callsTo, supervise, template } from './supervise.ts';

const simple = { strategy: 'simple_one_for_one' } as const;

/** A supervisor with so many dynamic children of this type, and its counts after these and as many again. */
async function countsOf(type: 'worker' | 'supervisor', number: number): Promise<unknown[]> {
  const root = await supervise(simple, (worker) => [template(worker('job', {}, { type }))]);
  const counts: unknown[] = [await root.counts()];
  for (let round = 0; round < 2; round += 1) {
    await Promise.all(Array.from({ length: number }, () => root.startDynamicChild()));
    counts.push(await root.counts());
  }
  return counts;
}

test('count_children: workers, however many', async () => {
  expect(await countsOf('worker', 100)).toEqual([
    [1, 0, 0, 0],
    [1, 100, 0, 100],
    [1, 200, 0, 200],
  ]);
});

test('count_children_supervisor: supervisors, however many', async () => {
  expect(await countsOf('supervisor', 100)).toEqual([
    [1, 0, 0, 0],
    [1, 100, 100, 0],
    [1, 200, 200, 0],
  ]);
});

test('count_children: static children of both types, and those that do not run', async () => {
  const root = await supervise({}, (worker) => [
    worker('a'),
    worker('b', {}, { type: 'supervisor' }),
    worker('c', {}, { restart: 'transient' }),
  ]);
  expect(await root.counts()).toEqual([3, 3, 1, 2]);
  await root.terminateChild('b');
  await root.end('c', 'normal');
  expect(await root.counts()).toEqual([3, 1, 1, 2]);
  await root.deleteChild('b');
  expect(await root.counts()).toEqual([2, 1, 0, 2]);
});

test('count_restarting_children: one that waits for its restart does not run, but is a worker still', async () => {
  let fate: 'works' | 'hangs' = 'works';
  const slow = { start: { ready: 'event', startTimeout: 1000 } } as const;
  const root = await supervise({ ...simple, intensity: 3, period: 1 }, (worker) => [
    template(worker('job', { readyAfter: 0, fate: () => fate }, slow)),
  ]);
  const patient = callsTo(root, root.supervisor, 1000);
  for (let started = 0; started < 3; started += 1) await root.startDynamicChild();
  expect(await root.counts()).toEqual([1, 3, 0, 3]);
  fate = 'hangs';
  await root.end('job-2', 'crash');
  expect(await patient.counts()).toEqual([1, 2, 0, 3]);
  expect(await patient.counts()).toEqual([1, 2, 0, 3]);
  fate = 'works';
  expect(await patient.counts()).toEqual([1, 2, 0, 3]);
  expect(await root.counts()).toEqual([1, 3, 0, 3]);
});
