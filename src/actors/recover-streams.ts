/** After a start of nats-server: what its streams have lost is found in the copies of their files, stored again, and told. */
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bus } from '../bus/bus.ts';
import { BusError } from '../bus/bus-error.ts';
import { restoreMessages } from '../bus/restore-messages.ts';
import { readBlock } from '../nats-server/message-block.ts';
import type { NewestBlock } from '../nats-server/newest-blocks.ts';
import { boundSetAside, setAsideFolder } from './set-aside-folder.ts';
import type { World } from './world.ts';

/**
 * Can be repeated: a copy that was looked at is gone, or set aside when something was missing. One of a stream that is
 * not made yet waits for the next time. Resolves with the streams of which a loss was told.
 */
export async function recoverStreams(world: World, bus: Bus): Promise<Set<string>> {
  const told = new Set<string>();
  for (const block of world.ports.natsServer.peek()?.newestBlocks ?? []) {
    try {
      if (await recover(world, bus, block)) told.add(block.stream);
    } catch (error) {
      if (error instanceof BusError && (error.code === 'closed' || error.code === 'no-stream')) continue;
      world.log.error({ stream: block.stream, err: error }, 'stream.not.recovered');
    }
  }
  return told;
}

async function recover(world: World, bus: Bus, { stream, index, file }: NewestBlock): Promise<boolean> {
  const content = await readFile(file).catch(ignoreMissing);
  if (!content) return false;
  const { records, illegible } = readBlock(stream, index, content);
  const { lost, restored } = await restoreMessages(bus, stream, records);
  if (lost + illegible === 0) {
    await rm(file, { force: true });
    return false;
  }
  const kept = await setAside(world, { stream, index, file });
  world.tell('node.stream.damaged', world.config.node, {
    stream,
    lost: lost + illegible,
    restored,
    kept,
  });
  return true;
}

/**
 * What nobody could make use of by the time the store is open: from then on work goes on, and a copy would bring back
 * what is older. The next start makes its own.
 */
export async function setCopiesAside(world: World): Promise<void> {
  for (const block of world.ports.natsServer.peek()?.newestBlocks ?? []) {
    try {
      const kept = await setAside(world, block).catch(ignoreMissing);
      if (kept !== undefined) world.log.warn({ stream: block.stream, kept }, 'stream.copy.unused');
    } catch (error) {
      world.log.error({ stream: block.stream, err: error }, 'stream.copy.not.set.aside');
    }
  }
}

/** Resolves with its new place. */
async function setAside(world: World, { stream, index, file }: NewestBlock): Promise<string> {
  const time = new Date().toISOString().replaceAll(':', '-');
  const kept = join(await setAsideFolder(world), `${stream}.${index}.${time}`);
  await rename(file, kept);
  await boundSetAside(world);
  return kept;
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
