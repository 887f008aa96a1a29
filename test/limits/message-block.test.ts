/** nats-server's own files, read as it wrote them. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readBlock } from '../../src/nats-server/message-block.ts';
import { patientManager, startOrchestra } from '../bus/real-bus.ts';
import { corrupt, newestBlock } from './damage.ts';

const subject = 'orchestra.task.t.happened';

/** A killed server's file of facts with bodies of all lengths up to `count`. */
async function writtenBlock(count: number, prepare: (file: string) => Promise<void> = async () => {}) {
  const { server, bus } = await startOrchestra();
  const sent = Array.from({ length: count }, (_, index) => 'x'.repeat(index));
  for (const [index, body] of sent.entries()) await bus.publish(subject, body, { id: `m${index}` });
  await (await patientManager(bus)).streams.deleteMessage('ORCH_EVENTS', 5, false);
  await server.kill();
  const file = await newestBlock(server.directory, 'ORCH_EVENTS');
  await prepare(file);
  return { sent, ...readBlock('ORCH_EVENTS', 1, await readFile(file)) };
}

test('every message is read with subject, headers, time and body, and its checksum is right', async () => {
  const { sent, records } = await writtenBlock(70);
  const kept = sent.filter((_, index) => index !== 4);
  expect(records.map(({ data }) => Buffer.from(data).toString())).toEqual(kept);
  for (const record of records) {
    expect(record.isWhole()).toBe(true);
    expect(record.subject).toBe(subject);
    expect(Buffer.from(record.headers).toString()).toContain(`Nats-Msg-Id: m${record.sequence - 1}\r\n`);
    expect(Math.abs(record.time.getTime() - Date.now())).toBeLessThan(60_000);
  }
});

test('a damaged message is known by its checksum, and those behind it are read', async () => {
  const { records, illegible } = await writtenBlock(70, (file) => corrupt(file, 0.5, 20));
  const damaged = records.filter((record) => !record.isWhole());
  expect(damaged.length).toBeLessThanOrEqual(2);
  expect(records.at(-1)?.sequence).toBe(70);
  expect(records.at(-1)?.isWhole()).toBe(true);
  expect(records.length + illegible).toBe(69);
});

test('what is no such file has no messages', () => {
  expect(readBlock('X', 1, Buffer.alloc(0)).records).toEqual([]);
  expect(readBlock('X', 1, Buffer.alloc(1_000)).records).toEqual([]);
  const noise = readBlock('X', 1, Buffer.alloc(1_000, 0xff)).records;
  expect(noise.filter((record) => record.isWhole())).toEqual([]);
});
