/** Copies of the newest file of each stream, made before a start: nats-server cuts off what it cannot read, without a word. */
import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { StoreFolder } from './store-folder.ts';

/**
 * Measured on 2.15.1: after a SIGKILL a damaged record in a stream's file ends the stream there. What stood behind it is
 * gone from the file, the sequences go on from that place, and no line of the log says so; a file that is missing is an
 * empty stream. After an orderly end a damaged record is found when somebody asks for it, and is as if it had never been.
 */
export interface NewestBlock {
  stream: string;
  /** The file's number. */
  index: number;
  /** The copy, whose owner removes it when it is not needed any more. */
  file: string;
}

/**
 * A copy of an earlier start is still there when the store was not opened since, and then it is the one that knows more:
 * it stays as it is. Where there is no room, nothing is copied.
 */
export async function keepNewestBlocks(folder: StoreFolder): Promise<NewestBlock[]> {
  await mkdir(folder.newestBlocks, { recursive: true, mode: 0o700 }).catch(ignoreFullDisk);
  const kept = await earlierCopies(folder);
  for (const stream of await streamFolders(folder)) {
    if (kept.some((earlier) => earlier.stream === stream)) continue;
    const block = await keepNewest(folder, stream).catch(ignoreFullDisk);
    if (block) kept.push(block);
  }
  return kept;
}

/** Of streams whose folder is gone, too. */
async function earlierCopies({ newestBlocks }: StoreFolder): Promise<NewestBlock[]> {
  const names = (await readdir(newestBlocks).catch(ignoreMissing)) ?? [];
  return names.map((name) => {
    const { name: stream, ext } = parse(name);
    return { stream, index: Number(ext.slice(1)), file: join(newestBlocks, name) };
  });
}

/** The streams that have a folder, whether nats-server can read it or not. */
export async function streamFolders({ streamsFolder }: StoreFolder): Promise<string[]> {
  const entries = await readdir(streamsFolder, { withFileTypes: true }).catch(ignoreMissing);
  return (entries ?? []).filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function keepNewest(folder: StoreFolder, stream: string): Promise<NewestBlock | undefined> {
  const messages = join(folder.streamsFolder, stream, 'msgs');
  const files = (await readdir(messages).catch(ignoreMissing)) ?? [];
  const indices = files.filter((name) => /^\d+\.blk$/.test(name)).map((name) => Number.parseInt(name, 10));
  if (indices.length === 0) return undefined;
  const index = Math.max(...indices);
  const newest = join(messages, `${index}.blk`);
  if ((await stat(newest)).size === 0) return undefined;
  const file = join(folder.newestBlocks, `${stream}.${index}`);
  try {
    await copyFile(newest, file, constants.COPYFILE_FICLONE);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
  return { stream, index, file };
}

/** A file in the place of a folder is for nats-server to complain of. */
function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}

function ignoreFullDisk(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOSPC' && error.code !== 'EDQUOT') throw error;
}
