/** Streams whose description nats-server cannot read: they are there as folders, and unknown to it. */
import { mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { streamFolders } from './newest-blocks.ts';
import type { StoreFolder } from './store-folder.ts';

/** What nats-server calls a stream's description and its checksum. */
const descriptionFiles = ['meta.inf', 'meta.sum'];

/**
 * The streams with a folder and a description that are not among the `known`. nats-server starts without them and says
 * so in its log only (measured on 2.15.1).
 */
export async function findUnreadableStreams(
  folder: StoreFolder,
  known: readonly string[],
): Promise<string[]> {
  const unreadable: string[] = [];
  for (const stream of await streamFolders(folder)) {
    if (known.includes(stream)) continue;
    if (await hasDescription(folder, stream)) unreadable.push(stream);
  }
  return unreadable;
}

/**
 * Moves the descriptions away while no server runs. A stream that is then made under the same name has all its messages
 * again; with the broken description still there it would be unknown once more at the next start (both measured).
 * @param setAside where they are kept
 */
export async function setDescriptionsAside(
  folder: StoreFolder,
  streams: readonly string[],
  setAside: string,
): Promise<void> {
  await mkdir(setAside, { recursive: true, mode: 0o700 });
  const now = new Date().toISOString().replaceAll(':', '-');
  for (const stream of streams) {
    for (const file of descriptionFiles) {
      const place = join(folder.streamsFolder, stream, file);
      await rename(place, join(setAside, `${stream}.${file}.${now}`)).catch(ignoreMissing);
    }
  }
}

async function hasDescription(folder: StoreFolder, stream: string): Promise<boolean> {
  for (const file of descriptionFiles) {
    if (await stat(join(folder.streamsFolder, stream, file)).catch(ignoreMissing)) return true;
  }
  return false;
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
