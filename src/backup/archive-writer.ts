/** Writes the backup's file: a compressed tar of which every entry is counted and hashed, whole under its name or not there. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { createTarPacker } from 'modern-tar';
import { BackupError } from './backup-error.ts';
import { draftOf, removeStaleDrafts } from './draft.ts';
import type { ContentEntry } from './manifest.ts';

export interface ArchiveWriter {
  /** In the order in which they are added. */
  readonly content: readonly ContentEntry[];
  /** Bytes that were added so far. */
  readonly size: number;
  add(name: string, data: Uint8Array): Promise<void>;
  /** @param size of everything that `data` gives */
  addFrom(name: string, size: number, data: AsyncIterable<Uint8Array>): Promise<void>;
}

/**
 * Lets `write` fill the archive; its file appears when that has succeeded, readable by its owner only, in place of what stood
 * there. Resolves with the file's size. @throws BackupError `unwritable`, what `write` throws, and the reason of `signal`,
 * which ends it; no trace is left then
 */
export async function writeArchive(
  file: string,
  write: (archive: ArchiveWriter) => Promise<void>,
  signal?: AbortSignal,
): Promise<number> {
  const draft = draftOf(file, 'partial');
  await removeStaleDrafts(file);
  try {
    const size = await fill(draft, write, signal);
    await rename(draft, file);
    await syncFolder(dirname(file));
    return size;
  } catch (error) {
    await rm(draft, { force: true });
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new BackupError(
      'unwritable',
      `${file} cannot be written (${error.message}): name a file in a folder that has room and is yours to write to.`,
      error,
    );
  }
}

async function fill(
  draft: string,
  write: (archive: ArchiveWriter) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { readable, controller } = createTarPacker();
  // The streams are compressed by nats-server already.
  const written = pipeline(
    Readable.fromWeb(readable),
    createGzip({ level: 1 }),
    createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true }),
    { signal },
  );
  const filled = write(archiveOver(controller)).then(() => controller.finalize());
  filled.catch((error: unknown) => controller.error(error));
  // Whichever fails first is the reason of the other.
  try {
    await Promise.all([written, filled]);
  } finally {
    await Promise.allSettled([written, filled]);
  }
  return (await stat(draft)).size;
}

function archiveOver(controller: ReturnType<typeof createTarPacker>['controller']): ArchiveWriter {
  const content: ContentEntry[] = [];
  let total = 0;
  const addFrom = async (name: string, size: number, data: AsyncIterable<Uint8Array>): Promise<void> => {
    const hash = createHash('sha256');
    const body = controller.add({ name, size, mode: 0o600, mtime: new Date() }).getWriter();
    for await (const chunk of data) {
      hash.update(chunk);
      await body.write(chunk);
    }
    await body.close();
    content.push({ name, size, sha256: hash.digest('hex') });
    total += size;
  };
  return {
    content,
    get size() {
      return total;
    },
    add: (name, data) => addFrom(name, data.byteLength, onlyThis(data)),
    addFrom,
  };
}

async function* onlyThis(data: Uint8Array): AsyncGenerator<Uint8Array> {
  yield data;
}

/** The name is on the disk as well. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
