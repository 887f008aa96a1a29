/** What is set aside is bounded, and copies of streams' files are looked at once and never by a later life. */
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { setCopiesAside } from '../../src/actors/recover-streams.ts';
import { boundSetAside, setAsideFolder } from '../../src/actors/set-aside-folder.ts';
import { keepNewestBlocks } from '../../src/nats-server/newest-blocks.ts';
import { storeFolder } from '../../src/nats-server/store-folder.ts';
import { startServer } from '../bus/real-bus.ts';
import { limitsWorld } from './limits-world.ts';

test('the oldest go, the newest stays whatever its size', async () => {
  const { world } = await limitsWorld();
  const folder = await setAsideFolder(world);
  let newest = 0;
  /** Writes it until its time tells it from those before: the file system's clock goes in steps of some ms. */
  const write = async (name: string) => {
    await writeFile(join(folder, name), 'x'.repeat(100));
    return (await stat(join(folder, name))).ctimeMs;
  };
  for (const name of ['a', 'b', 'c', 'd']) {
    await expect.poll(() => write(name), { interval: 1, timeout: 30_000 }).toBeGreaterThan(newest);
    newest = (await stat(join(folder, name))).ctimeMs;
  }
  await boundSetAside(world, 250);
  expect((await readdir(folder)).sort()).toEqual(['c', 'd']);
  await boundSetAside(world, 10);
  expect(await readdir(folder)).toEqual(['d']);
});

test('a copy is kept until the store was opened, its stream gone or not; then the next start makes a new one', async () => {
  const { world } = await limitsWorld();
  const folder = storeFolder(world.state.nats);
  const messages = join(folder.streamsFolder, 'KV_a', 'msgs');
  await mkdir(messages, { recursive: true });
  await mkdir(folder.newestBlocks, { recursive: true });
  await writeFile(join(messages, '2.blk'), 'newer');
  for (const name of ['KV_a.1', 'KV_gone.3']) await writeFile(join(folder.newestBlocks, name), 'older');

  const kept = await keepNewestBlocks(folder);
  expect(kept.map(({ stream, index }) => [stream, index])).toEqual([
    ['KV_a', 1],
    ['KV_gone', 3],
  ]);
  world.ports.natsServer.fill({ ...(await startServer()).process, newestBlocks: kept });
  await setCopiesAside(world);
  expect(await readdir(folder.newestBlocks)).toEqual([]);
  expect(await readdir(world.state.setAside)).toHaveLength(2);
  expect((await keepNewestBlocks(folder)).map(({ stream, index }) => [stream, index])).toEqual([['KV_a', 2]]);
});
