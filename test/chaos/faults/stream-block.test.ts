/** The layout of a block is nats-server's own affair: read here as the server of this machine writes it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { connectBus } from '../../../src/bus/connect-bus.ts';
import { launchServer } from '../../bench/nats-server.ts';
import { readBlock } from './stream-block.ts';

let folder: string;
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

test('sequences, subjects and ends of the records of a block', async () => {
  folder = await mkdtemp(join(tmpdir(), 'chaos-block-'));
  const server = await launchServer(folder);
  const seed = (await readFile(server.seedFile('daemon'), 'utf8')).trim();
  const bus = await connectBus({ url: server.url, seed, name: 'test' });
  await bus.connection.manager.streams.add({ name: 'TEST', subjects: ['test.*'] });
  for (const word of ['one', 'two', 'three']) await bus.publish(`test.${word}`, word.repeat(10));
  await bus.close();
  await server.stop(30_000);
  const content = await readFile(join(folder, 'jetstream/jetstream/ORCH/streams/TEST/msgs/1.blk'));
  const records = readBlock(content);
  expect(records.map(({ sequence, subject }) => [sequence, subject])).toEqual([
    [1, 'test.one'],
    [2, 'test.two'],
    [3, 'test.three'],
  ]);
  expect(records.at(-1)?.end).toBe(content.length);
  expect(readBlock(content.subarray(0, content.length - 1))).toHaveLength(2);
});
