import { expect, test } from 'vitest';
import { owned, ownerless } from '../../src/orphans/belonging.ts';
import { findOrphanLeases } from '../../src/orphans/orphan-leases.ts';
import { startServer } from '../bus/real-bus.ts';
import { sampleInput } from '../tasks/sample-task.ts';
import { openStore } from '../tasks/stored-tasks.ts';
import { cleanAll, orphansIn } from './left-behind.ts';

async function claimedBy(agent: string, node = 'local') {
  const { store, names } = await openStore(await startServer());
  await store.create(sampleInput());
  await store.apply('7', { type: 'claim', agent, node, leaseUntil: Number.MAX_SAFE_INTEGER });
  return { store, names };
}

const nobody = (agent: string) => ownerless(`${agent}, who holds it, is idle`);

test('a claim whose holder does not work on it is released, whatever its lease says', async () => {
  const { store } = await claimedBy('kaede');
  const found = findOrphanLeases(store, { node: 'local', holds: nobody });
  expect(orphansIn(found)).toEqual([
    { kind: 'lease', id: '7', why: 'kaede, who holds it, is idle', remedy: 'released' },
  ]);
  expect(await cleanAll(found)).toEqual([]);
  expect(store.get('7')).toMatchObject({ state: 'waiting', claim: null });
  expect(store.get('7')?.history).toMatchObject([
    { outcome: 'released', summary: 'kaede, who holds it, is idle', token: 1 },
  ]);
});

test('one that works on it keeps it, and so does every agent of another node', async () => {
  const here = await claimedBy('kaede');
  expect(findOrphanLeases(here.store, { node: 'local', holds: () => owned })).toEqual([]);
  expect(findOrphanLeases(here.store, { node: 'other', holds: nobody })).toEqual([]);
});

test('a holder that has taken it up by then keeps it', async () => {
  const { store } = await claimedBy('kaede');
  let works = false;
  const found = findOrphanLeases(store, {
    node: 'local',
    holds: (agent) => (works ? owned : nobody(agent)),
  });
  works = true;
  expect(await cleanAll(found)).toEqual([{ why: 'kaede works on it again' }]);
  expect(store.get('7')?.claim?.agent).toBe('kaede');
});

test("a later claim on the same task is another one, and not this one's to release", async () => {
  const { store } = await claimedBy('kaede');
  const found = findOrphanLeases(store, { node: 'local', holds: nobody });
  await store.apply('7', { type: 'return', token: 1 });
  await store.apply('7', { type: 'claim', agent: 'sakura', node: 'local', leaseUntil: 1 });
  expect(findOrphanLeases(store, { node: 'local', holds: nobody })[0]?.identity).not.toBe(found[0]?.identity);
  expect(await cleanAll(found)).toEqual([]);
  expect(store.get('7')?.claim?.agent).toBe('sakura');
});
