/** The outbox: facts arrive once and in the order in which they were told, whatever happens to the server. */
import { expect, test } from 'vitest';
import type { Bus } from '../../src/bus/bus.ts';
import { createOutbox } from '../../src/bus/outbox.ts';
import { readEvents } from '../../src/bus/read-events.ts';
import { orchestraStreams } from '../../src/bus/stream-definitions.ts';
import { ensureStreams } from '../../src/bus/streams.ts';
import { Arrivals, startOrchestra, startServer } from './real-bus.ts';

const subject = 'orchestra.task.t.said';
const upTo = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));

async function storedBodies(bus: Bus): Promise<unknown[]> {
  const bodies: unknown[] = [];
  for await (const { body } of readEvents(bus)) bodies.push(body);
  return bodies;
}

test('facts told before, during and after two crashes are stored once, in order', async () => {
  const { server, bus } = await startOrchestra();
  const outbox = createOutbox(bus, {});
  for (const fact of upTo(300)) {
    outbox.enqueue(subject, fact);
    if (fact.n === 100) await server.crash();
    if (fact.n === 200) {
      await server.kill();
    }
  }
  await server.start();
  expect(await outbox.flush(30_000)).toBe(0);
  expect(await storedBodies(bus)).toEqual(upTo(300));
});

test('flush gives up at its deadline and says how many still wait; they are stored later', async () => {
  const { server, bus } = await startOrchestra();
  const outbox = createOutbox(bus, {});
  await server.kill();
  for (const fact of upTo(3)) outbox.enqueue(subject, fact);
  expect(await outbox.flush(20)).toBe(3);
  expect(outbox.waiting).toBe(3);
  await server.start();
  expect(await outbox.flush(30_000)).toBe(0);
  expect(await storedBodies(bus)).toEqual(upTo(3));
});

test('beyond its limit it refuses, counts and tells', async () => {
  const { server, bus } = await startOrchestra();
  const told: [string, number][] = [];
  const outbox = createOutbox(bus, { limit: 2, onOverflow: (name, refused) => told.push([name, refused]) });
  await server.kill();
  const taken = upTo(4).map((fact) => outbox.enqueue(subject, fact));
  expect(taken).toEqual([true, true, false, false]);
  expect(told).toEqual([
    [subject, 1],
    [subject, 2],
  ]);
  expect(outbox.refused).toBe(2);
});

test('a fact that can never be stored is dropped with a reason, and the rest goes on', async () => {
  const { bus } = await startOrchestra();
  const dropped = new Arrivals<string>();
  const outbox = createOutbox(bus, {
    streamPatience: 0,
    onDropped: (name, { code }) => dropped.add(`${name} ${code}`),
  });
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  outbox.enqueue(subject, { n: 0 });
  outbox.enqueue(subject, cyclic);
  outbox.enqueue(subject, 'x'.repeat(1024 ** 2));
  outbox.enqueue('orchestra.nobody.stores', {});
  outbox.enqueue(subject, { n: 1 });
  await outbox.flush(30_000);
  expect(new Set(dropped.items)).toEqual(
    new Set([`${subject} refused`, `${subject} too-large`, 'orchestra.nobody.stores no-stream']),
  );
  expect(await storedBodies(bus)).toEqual(upTo(2));
});

test('facts told before their stream is there wait for it', async () => {
  const bus = await (await startServer()).connect();
  const stalled = new Arrivals<string>();
  const outbox = createOutbox(bus, {
    streamPatience: 60_000,
    onStalled: (_subject, { code }) => stalled.add(code),
  });
  for (const fact of upTo(3)) outbox.enqueue(subject, fact);
  await stalled.until((codes) => codes.length > 0);
  await ensureStreams(bus, orchestraStreams({ eventSubjects: [subject], scale: 0.1 }));
  expect(await outbox.flush(30_000)).toBe(0);
  expect(stalled.items).toEqual(['no-stream']);
  expect(await storedBodies(bus)).toEqual(upTo(3));
});

test('closed with the bus, it keeps what it has and takes more without an error', async () => {
  const { server, bus } = await startOrchestra();
  const outbox = createOutbox(bus, {});
  await server.kill();
  outbox.enqueue(subject, { n: 0 });
  await bus.close(100);
  outbox.enqueue(subject, { n: 1 });
  expect(await outbox.flush(1_000)).toBe(2);
});
