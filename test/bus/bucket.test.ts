/** Buckets: typed values, exact compare-and-set and a watch that misses nothing, through crashes of the server. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type Bucket, openBucket } from '../../src/bus/bucket.ts';
import type { BucketChange } from '../../src/bus/bucket-watch.ts';
import type { Bus } from '../../src/bus/bus.ts';
import { Arrivals, patientManager, startServer } from './real-bus.ts';

const Count = z.object({ n: z.int() });
type Count = z.infer<typeof Count>;

const openCounts = (bus: Bus, history?: number): Promise<Bucket<Count>> =>
  openBucket(bus, 'counts', {
    schema: Count,
    maxBytes: 1024 ** 2,
    ...(history === undefined ? {} : { history }),
  });

test('values are created, read, updated, listed and deleted', async () => {
  const bucket = await openCounts(await (await startServer()).connect());
  expect(await bucket.get('a')).toBeUndefined();
  const first = await bucket.create('a', { n: 1 });
  expect(await bucket.create('a', { n: 2 })).toBe('exists');
  expect(await bucket.get('a')).toEqual({ value: { n: 1 }, revision: first });
  const second = await bucket.update('a', { n: 2 }, Number(first));
  expect(await bucket.update('a', { n: 3 }, Number(first))).toBe('conflict');
  await bucket.put('b', { n: 9 });
  expect(await bucket.entries()).toEqual(
    new Map([
      ['a', { value: { n: 2 }, revision: second }],
      ['b', { value: { n: 9 }, revision: Number(second) + 1 }],
    ]),
  );
  await bucket.delete('a');
  expect(await bucket.get('a')).toBeUndefined();
  expect([...(await bucket.entries()).keys()]).toEqual(['b']);
  expect(await bucket.create('a', { n: 5 })).toBeTypeOf('number');
  expect(await bucket.get('a')).toMatchObject({ value: { n: 5 } });
});

test('keys with a meaning for NATS are refused', async () => {
  const bucket = await openCounts(await (await startServer()).connect());
  for (const key of ['*', '>', 'a b', '', '.a', 'a.', 'カエデ', 'a\n']) {
    await expect((async () => bucket.put(key, { n: 1 }))()).rejects.toMatchObject({ code: 'bad-key' });
  }
});

test('a value that cannot be read is told and counts as none', async () => {
  const bus = await (await startServer()).connect();
  const told: string[] = [];
  const raw = await openBucket(bus, 'counts', { schema: z.unknown(), maxBytes: 1024 ** 2 });
  await raw.put('wrong', { n: 'one' });
  await raw.put('right', { n: 1 });
  await (await patientManager(bus)).jetstream().publish('$KV.counts.broken', '{');
  const bucket = await openBucket(bus, 'counts', {
    schema: Count,
    maxBytes: 1024 ** 2,
    onUnreadable: (key, reason) => told.push(`${key}: ${reason}`),
  });
  expect([...(await bucket.entries()).keys()]).toEqual(['right']);
  expect(await bucket.get('wrong')).toBeUndefined();
  const watched: string[] = [];
  await bucket.watch(({ key }) => void watched.push(key));
  expect(watched).toEqual(['right']);
  expect(told).toHaveLength(5);
  expect(told[0]).toMatch(/^wrong: n: .*expected number/);
});

test('two clients count with compare-and-set through two crashes, and the count is exact', async () => {
  const server = await startServer();
  const buses = [await server.connect(), await server.connect('operator')];
  const each = 150;
  const done = new Arrivals<{ bus: Bus; n: number }>();
  /** Both together write less than the history keeps while one of them does not know what became of a write of its own. */
  const ahead = 20;
  const count = async (bus: Bus) => {
    const bucket = await openCounts(bus, 64);
    for (let added = 0; added < each; ) {
      await done.until((items) => added < items.filter((item) => item.bus !== bus).length + ahead);
      const stored = await bucket.get('total');
      const n = (stored?.value.n ?? 0) + 1;
      const revision = stored
        ? await bucket.update('total', { n }, stored.revision)
        : await bucket.create('total', { n });
      if (typeof revision !== 'number') continue;
      added += 1;
      done.add({ bus, n });
    }
  };
  const counting = Promise.all(buses.map(count));
  for (const reached of [60, 180]) {
    await done.until((items) => items.length >= reached);
    await server.crash();
  }
  await counting;
  expect(done.items.map(({ n }) => n).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 2 * each }, (_, n) => n + 1),
  );
});

test('a write whose acknowledgement is lost is known by its id', async () => {
  const server = await startServer();
  const bus = await server.connect();
  const bucket = await openCounts(bus);
  const first = Number(await bucket.create('a', { n: 1 }));
  const publish = bus.connection.jetstream.publish.bind(bus.connection.jetstream);
  let losses = 0;
  bus.connection.jetstream.publish = async (...message) => {
    const stored = await publish(...message);
    losses += 1;
    if (losses > 1) return stored;
    await server.crash();
    return new Promise(() => {});
  };
  expect(await bucket.update('a', { n: 2 }, first)).toBe(first + 1);
  expect(await bucket.get('a')).toEqual({ value: { n: 2 }, revision: first + 1 });
});

test('a watch gives what is stored, then every change once and in order, through two crashes', async () => {
  const server = await startServer();
  const [writer, reader] = [await server.connect(), await server.connect('operator')];
  const bucket = await openCounts(writer, 64);
  for (let n = 0; n < 10; n += 1) await bucket.put(`stored-${n}`, { n });
  const changes = new Arrivals<BucketChange<Count>>();
  await (await openCounts(reader, 64)).watch(changes.add);
  expect(changes.items).toHaveLength(10);
  expect(changes.items.every(({ initial }) => initial)).toBe(true);

  for (let n = 0; n < 60; n += 1) {
    if (n === 20 || n === 40) await server.crash();
    await bucket.put('changing', { n });
  }
  await bucket.delete('changing');
  const later = (await changes.until((items) => items.length >= 71)).slice(10);
  expect(later.map(({ value }) => value?.n)).toEqual([...Array.from({ length: 60 }, (_, n) => n), undefined]);
  expect(later.some(({ initial }) => initial)).toBe(false);
});

test('a watch on an empty bucket is ready at once, hears the first change, and stops when told', async () => {
  const bucket = await openCounts(await (await startServer()).connect());
  const stop = new AbortController();
  const [changes, others] = [new Arrivals<BucketChange<Count>>(), new Arrivals<BucketChange<Count>>()];
  await bucket.watch(changes.add, { key: 'a', signal: stop.signal });
  await bucket.watch(others.add);
  await bucket.put('b', { n: 1 });
  await bucket.put('a', { n: 2 });
  expect(await changes.until((items) => items.length > 0)).toMatchObject([{ key: 'a', value: { n: 2 } }]);
  stop.abort();
  await bucket.put('a', { n: 3 });
  await others.until((items) => items.length === 3);
  expect(changes.items).toHaveLength(1);
});

test('a watch that begins while the server is down is ready when it is back', async () => {
  const server = await startServer();
  const bucket = await openCounts(await server.connect());
  await bucket.put('a', { n: 1 });
  await server.kill();
  const changes = new Arrivals<BucketChange<Count>>();
  const ready = bucket.watch(changes.add);
  await server.start();
  await ready;
  expect(changes.items).toMatchObject([{ key: 'a', value: { n: 1 }, initial: true }]);
});
