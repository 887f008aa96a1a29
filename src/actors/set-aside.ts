/** What becomes of a stored record that cannot be read: its bytes go to a file, it is told, and its key is free again. */
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bus } from '../bus/bus.ts';
import { freeKey, type UnreadableRecord } from '../bus/unreadable-record.ts';
import { boundSetAside, setAsideFolder } from './set-aside-folder.ts';
import { taskBucket } from './store-size.ts';
import type { World } from './world.ts';

/** Looks after all buckets of a bus. Only what is safely in a file loses its key. */
export function setAsideUnreadable(world: World, bus: Bus): () => void {
  const taken = new Set<string>();
  return bus.onUnreadable((record) => {
    const { bucket, key, revision } = record;
    const name = `${bucket}.${key}.${revision}`;
    if (taken.has(name)) return;
    taken.add(name);
    setAside(world, bus, record, name).catch((error: unknown) => {
      taken.delete(name);
      world.log.error({ bucket, key, revision, err: error }, 'record.not.set.aside');
    });
  });
}

async function setAside(world: World, bus: Bus, record: UnreadableRecord, name: string): Promise<void> {
  const { bucket, key, revision, data, reason } = record;
  const folder = await setAsideFolder(world);
  // A key may hold slashes.
  const file = join(folder, encodeURIComponent(name));
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, data, { mode: 0o600, flush: true });
  await rename(draft, file);
  await boundSetAside(world);
  world.tell('node.record.set-aside', world.config.node, { bucket, key, revision, reason, file });
  const tasks = world.ports.tasks.peek();
  // What this daemon knows better than the store is not made anew but stored again.
  if (bucket === taskBucket && tasks?.get(key)) await tasks.restore(key);
  else await freeKey(bus, record);
}
