/** Reading streams: what is stored, what follows, and nothing missed or read twice through crashes of the server. */
import { expect, test } from 'vitest';
import type { Bus } from '../../src/bus/bus.ts';
import { type ReadEventsOptions, readEvents, type StoredEvent } from '../../src/bus/read-events.ts';
import { readInbox } from '../../src/bus/read-inbox.ts';
import { Arrivals, startOrchestra, startServer } from './real-bus.ts';

async function read(bus: Bus, options?: ReadEventsOptions): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const event of readEvents(bus, options)) events.push(event);
  return events;
}

async function say(bus: Bus, from: number, to: number): Promise<void> {
  for (let n = from; n < to; n += 1) await bus.publish(`orchestra.task.t${n % 2}.said`, { n });
}

const numbers = (events: readonly StoredEvent[]) => events.map(({ body }) => (body as { n: number }).n);

test('events are read in order, by subject, from a place or a time, and the latest of them', async () => {
  const { bus } = await startOrchestra();
  expect(await read(bus)).toEqual([]);
  await say(bus, 0, 6);
  const events = await read(bus);
  expect(numbers(events)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(events[0]).toMatchObject({ subject: 'orchestra.task.t0.said', sequence: 1 });
  expect(numbers(await read(bus, { subjects: ['orchestra.task.t1.*'] }))).toEqual([1, 3, 5]);
  expect(numbers(await read(bus, { since: { sequence: 4 } }))).toEqual([4, 5]);
  expect(numbers(await read(bus, { since: { time: events[3]?.time ?? new Date(0) } })).at(-1)).toBe(5);
  expect(await read(bus, { since: { time: new Date(Date.now() + 60_000) } })).toEqual([]);
  expect(numbers(await read(bus, { limit: 2 }))).toEqual([4, 5]);
});

test('following goes on through two crashes and misses nothing', async () => {
  const { server, bus } = await startOrchestra();
  const reader = await server.connect('operator');
  await say(bus, 0, 5);
  const stop = new AbortController();
  const seen = new Arrivals<StoredEvent>();
  const following = (async () => {
    for await (const event of readEvents(reader, { follow: true, limit: 3, signal: stop.signal }))
      seen.add(event);
  })();
  await seen.until((items) => items.length === 3);
  await say(bus, 5, 20);
  await server.crash();
  await say(bus, 20, 40);
  await server.crash();
  await say(bus, 40, 60);
  await seen.until((items) => items.length >= 58);
  expect(numbers(seen.items)).toEqual(Array.from({ length: 58 }, (_, n) => n + 2));
  stop.abort();
  await following;
});

test('a reader that leaves early, and one whose bus is closed, come to an end', async () => {
  const { server, bus } = await startOrchestra();
  await say(bus, 0, 3);
  for await (const event of readEvents(bus, { follow: true })) {
    expect(event.sequence).toBe(1);
    break;
  }
  const other = await server.connect('operator');
  const seen = new Arrivals<StoredEvent>();
  const following = (async () => {
    for await (const event of readEvents(other, { follow: true })) seen.add(event);
  })();
  await seen.until((items) => items.length === 3);
  await other.close();
  await following;
});

test('without a stream it says so', async () => {
  const bus = await (await startServer()).connect();
  await expect(read(bus)).rejects.toMatchObject({ code: 'no-stream' });
});

test('an inbox shows the latest messages, oldest first, to whomever they were handed', async () => {
  const { server, bus } = await startOrchestra();
  const kaede = await server.connect('kaede');
  await bus.publish('orchestra.agent.sakura.inbox', 'first');
  await kaede.publish('orchestra.agent.sakura.inbox.kaede', 'second');
  await bus.publish('orchestra.agent.sakura.inbox', new Uint8Array([0x41, 0xff]));
  await bus.publish('orchestra.agent.kaede.inbox', 'not for sakura');
  const messages = await readInbox(bus, 'sakura');
  expect(messages.map(({ from, text }) => `${from}: ${text}`)).toEqual([
    'operator: first',
    'kaede: second',
    'operator: A\uFFFD',
  ]);
  expect((await readInbox(bus, 'sakura', { limit: 1 })).map(({ sequence }) => sequence)).toEqual([3]);
  expect(await readInbox(bus, 'botan')).toEqual([]);
  await expect(readInbox(bus, 'botan.*')).rejects.toMatchObject({ code: 'bad-subject' });
});
