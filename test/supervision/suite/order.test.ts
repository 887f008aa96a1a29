/** The order of children is that of their specs. */
import { expect, test } from 'vitest';
import { supervise } from './supervise.ts';

const ids = ['m', 'z', 'a', 'q', '2', '10', 'b'];

test('order_of_children: children start in the order of the list and end in reverse', async () => {
  const root = await supervise({}, (worker) => ids.map((id) => worker(id)));
  expect(root.takeLog()).toEqual(ids.map((id) => `0 +${id}`));
  expect(await root.pids()).toEqual(ids.map((id) => `${id}#1`).reverse());
  await root.startChild(root.worker('c'));
  root.takeLog();
  await root.shutDown();
  expect(root.takeLog()).toEqual([...ids, 'c'].reverse().map((id) => `0 -${id}`));
});

test.each([
  ['rest_for_one', 2],
  ['one_for_all', 0],
] as const)('order_of_children: so they do in a restart by %s', async (strategy, first) => {
  const root = await supervise({ strategy }, (worker) => ids.map((id) => worker(id)));
  root.takeLog();
  await root.end('a', 'crash');
  const group = ids.slice(first);
  const stopped = group.filter((id) => id !== 'a').reverse();
  expect(root.takeLog()).toEqual([
    ...['a', ...stopped].map((id) => `0 -${id}`),
    ...group.map((id) => `0 +${id}`),
  ]);
  await root.shutDown();
  expect(root.takeLog()).toEqual(ids.toReversed().map((id) => `0 -${id}`));
});
