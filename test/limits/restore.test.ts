/** What a killed nats-server loses of damaged files is found in the copies made before its start, and stored again. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openBucket } from '../../src/bus/bucket.ts';
import type { Bus } from '../../src/bus/bus.ts';
import { readEvents } from '../../src/bus/read-events.ts';
import { restoreMessages } from '../../src/bus/restore-messages.ts';
import { ensureStreamsAgain } from '../../src/bus/streams.ts';
import { readBlock } from '../../src/nats-server/message-block.ts';
import { storeFolder } from '../../src/nats-server/store-folder.ts';
import { patientManager, type RealServer, startOrchestra, startServer } from '../bus/real-bus.ts';
import { corruptBody, newestBlock } from './damage.ts';

const Count = z.object({ n: z.int(), text: z.string() });

const openCounts = (bus: Bus) => openBucket(bus, 'counts', { schema: Count, maxBytes: 1024 ** 2 });

async function restore(server: RealServer, bus: Bus, stream: string) {
  const block = server.process.newestBlocks.find((candidate) => candidate.stream === stream);
  if (!block) throw new Error(`no copy of ${stream}`);
  const { records, illegible } = readBlock(stream, block.index, await readFile(block.file));
  const { lost, restored } = await restoreMessages(bus, stream, records);
  return { lost: lost + illegible, restored };
}

test('records behind a damaged one come back; the damaged one and nothing else is lost', async () => {
  const server = await startServer();
  const bus = await server.connect();
  const bucket = await openCounts(bus);
  for (let n = 0; n < 50; n += 1) await bucket.put(`k${n}`, { n, text: 'x'.repeat(500) });
  await server.kill();
  await corruptBody(await newestBlock(server.directory, 'KV_counts'), '"n":10,');
  await server.start();

  const left = (await bucket.entries()).size;
  expect(left).toBeLessThan(30);
  const { lost, restored } = await restore(server, bus, 'KV_counts');
  expect(lost).toBe(50 - left);
  expect(restored).toBe(lost - 1);
  const entries = await bucket.entries();
  expect(entries.size).toBe(49);
  for (const [key, { value }] of entries) expect(key).toBe(`k${value.n}`);
  expect((await restore(server, bus, 'KV_counts')).restored).toBe(0);
});

test('what was written after the loss is not undone', async () => {
  const server = await startServer();
  const bus = await server.connect();
  const bucket = await openCounts(bus);
  for (let n = 0; n < 20; n += 1) await bucket.put(`k${n}`, { n, text: 'old' });
  await server.kill();
  await corruptBody(await newestBlock(server.directory, 'KV_counts'), '"n":2,');
  await server.start();
  await bucket.put('k19', { n: 19, text: 'new' });
  await restore(server, bus, 'KV_counts');
  expect((await bucket.get('k19'))?.value.text).toBe('new');
  expect((await bucket.get('k18'))?.value.text).toBe('old');
});

test('a clock that was set back does not make an older record the newer one', async () => {
  const server = await startServer();
  const bus = await server.connect();
  const bucket = await openCounts(bus);
  const first = await bucket.put('k', { n: 1, text: 'working' });
  const second = await bucket.put('k', { n: 1, text: 'done' });
  const stored = await (await patientManager(bus)).direct.getMessage('KV_counts', { seq: second });
  const time = stored?.time ?? new Date();
  const record = (sequence: number, when: Date, text: string) => ({
    sequence,
    time: when,
    subject: '$KV.counts.k',
    headers: new Uint8Array(),
    data: new TextEncoder().encode(JSON.stringify({ n: 1, text })),
    isWhole: () => true,
  });
  const hourAgo = new Date(time.getTime() - 3_600_000);
  const inAnHour = new Date(time.getTime() + 3_600_000);
  const former = [record(first, inAnHour, 'working'), record(second, time, 'done')];
  expect(await restoreMessages(bus, 'KV_counts', former)).toEqual({ lost: 0, restored: 0 });
  expect((await bucket.get('k'))?.value.text).toBe('done');

  const behind = [...former, record(second + 1, hourAgo, 'rejected')];
  expect(await restoreMessages(bus, 'KV_counts', behind)).toEqual({ lost: 1, restored: 1 });
  expect((await bucket.get('k'))?.value.text).toBe('rejected');
});

test('a key that is erased after the start, before anybody has looked for losses, stays erased', async () => {
  const server = await startServer();
  const bus = await server.connect();
  const bucket = await openCounts(bus);
  for (const key of ['a', 'b', 'c']) await bucket.put(key, { n: 1, text: '' });
  await bucket.erase('a');
  await server.crash();
  await bucket.erase('b');
  expect(await restore(server, bus, 'KV_counts')).toEqual({ lost: 0, restored: 0 });
  expect([...(await bucket.entries()).keys()]).toEqual(['c']);
  await server.crash();
  await rm(storeFolder(server.directory).newestBlocks, { recursive: true, force: true });
  await server.crash();
  expect(await restore(server, bus, 'KV_counts')).toEqual({ lost: 0, restored: 0 });
  expect([...(await bucket.entries()).keys()]).toEqual(['c']);
  expect(await bucket.create('a', { n: 2, text: 'again' })).toBeTypeOf('number');
});

test('facts and messages come back once each, with their ids', async () => {
  const { server, bus } = await startOrchestra();
  for (let n = 0; n < 40; n += 1) await bus.publish('orchestra.task.t.happened', { n }, { id: `f${n}` });
  await server.kill();
  await corruptBody(await newestBlock(server.directory, 'ORCH_EVENTS'), '"n":12}');
  await server.start();
  const { lost, restored } = await restore(server, bus, 'ORCH_EVENTS');
  expect(restored).toBe(lost - 1);
  const numbers: unknown[] = [];
  for await (const { body } of readEvents(bus)) numbers.push(body);
  expect(numbers.length).toBe(39);
});

test('nothing is lost of whole files, however the server ended', async () => {
  const server = await startServer();
  const bus = await server.connect();
  const bucket = await openCounts(bus);
  for (let n = 0; n < 30; n += 1) await bucket.put(`k${n % 7}`, { n, text: '' });
  await bucket.delete('k3');
  for (const end of ['kill', 'stop'] as const) {
    if (end === 'kill') await server.kill();
    else await server.process.stop(30_000);
    await rm(storeFolder(server.directory).newestBlocks, { recursive: true, force: true });
    await server.start();
    expect(await restore(server, bus, 'KV_counts')).toEqual({ lost: 0, restored: 0 });
  }
});

test('a damaged record found after an orderly end is lost alone, and its key can be written again', async () => {
  const server = await startServer();
  const bus = await server.connect();
  const bucket = await openCounts(bus);
  for (let n = 0; n < 20; n += 1) await bucket.put(`k${n}`, { n, text: 'x'.repeat(300) });
  await server.process.stop(30_000);
  await corruptBody(await newestBlock(server.directory, 'KV_counts'), '"n":10,');
  await server.start();
  const { lost, restored } = await restore(server, bus, 'KV_counts');
  expect(restored).toBe(lost - 1);
  const entries = await bucket.entries();
  expect(entries.size).toBe(19);
  const missing = Array.from({ length: 20 }, (_, n) => n).find((n) => !entries.has(`k${n}`)) ?? -1;
  expect(await bucket.get(`k${missing}`)).toBeUndefined();
  expect(await bucket.create(`k${missing}`, { n: missing, text: 'again' })).toBeTypeOf('number');
  expect((await bucket.get(`k${missing}`))?.value.text).toBe('again');
});

test('a stream whose description is broken has all its messages again, now and after the next start', async () => {
  const server = await startServer();
  const bus = await server.connect();
  const bucket = await openCounts(bus);
  await bucket.put('a', { n: 1, text: '' });
  for (const damage of ['meta.inf', 'meta.sum']) {
    await server.kill();
    await writeFile(join(storeFolder(server.directory).streamsFolder, 'KV_counts', damage), 'broken');
    await server.start();
    expect(server.process.unreadableStreams).toEqual(['KV_counts']);
    await ensureStreamsAgain(bus);
    expect((await bucket.get('a'))?.value.n).toBe(1);
    await server.crash();
    expect(server.process.unreadableStreams).toEqual([]);
    expect((await bucket.get('a'))?.value.n).toBe(1);
  }
});
