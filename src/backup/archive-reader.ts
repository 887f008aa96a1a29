/** Reads a backup's file entry by entry, and finds out whether it is one, is whole, and is what was written. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { ReadableStream, ReadableWritablePair } from 'node:stream/web';
import { createGunzip } from 'node:zlib';
import { createTarDecoder } from 'modern-tar';
import { parseJson } from '../bus/parse-json.ts';
import { newerVersion } from '../stored/versioned.ts';
import { BackupError } from './backup-error.ts';
import { BackupHead, type ContentEntry, headName, Manifest, manifestName } from './manifest.ts';

export interface ArchiveEntry {
  name: string;
  size: number;
  /** To be read, or left alone, before the next entry is asked for. */
  data: AsyncIterable<Uint8Array>;
}

export interface VerifiedBackup {
  file: string;
  head: BackupHead;
  manifest: Manifest;
}

/** So much is held in memory at most of an entry that describes others. */
const longestDescription = 64 * 1024 ** 2;

/** What the file says of itself, from its first bytes. @throws BackupError `no-file`, `foreign`, `newer` */
export async function readHead(file: string): Promise<BackupHead> {
  for await (const { name, data } of readArchive(file)) return asHead(file, name, await whole(file, data));
  throw foreign(file);
}

/**
 * Reads the whole file and compares every entry with its digest.
 * @param keep gets every entry's data besides
 * @throws BackupError `no-file`, `foreign`, `newer`, `truncated`, `damaged`
 */
export async function verifyArchive(
  file: string,
  keep: (name: string, chunk: Uint8Array) => Promise<void> | void = () => {},
): Promise<VerifiedBackup> {
  const found: ContentEntry[] = [];
  let head: BackupHead | undefined;
  let manifest: Manifest | undefined;
  // To the very end, where the checksum of the whole stands.
  for await (const { name, size, data } of readArchive(file)) {
    if (manifest) throw damaged(file, `${name} follows its end`);
    if (name === manifestName && head) {
      manifest = asManifest(file, found, await whole(file, data));
      continue;
    }
    const hash = createHash('sha256');
    const description: Uint8Array[] = [];
    for await (const chunk of data) {
      hash.update(chunk);
      if (head) await keep(name, chunk);
      else if (size <= longestDescription) description.push(chunk);
    }
    head ??= asHead(file, name, Buffer.concat(description));
    found.push({ name, size, sha256: hash.digest('hex') });
  }
  if (!head) throw foreign(file);
  if (!manifest) throw truncated(file);
  return { file, head, manifest };
}

/** @throws BackupError `no-file`, `foreign`, `truncated`, `damaged` */
export async function* readArchive(file: string): AsyncGenerator<ArchiveEntry, void> {
  let isFirst = true;
  try {
    const bytes = createReadStream(file).on('error', (error) => unpacked.destroy(error));
    const unpacked = bytes.pipe(createGunzip());
    const entries = Readable.toWeb(unpacked).pipeThrough(
      // Their types differ in what a chunk's buffer may be.
      createTarDecoder({ strict: true }) as ReadableWritablePair<Entry, unknown>,
    );
    for await (const { header, body } of entries) {
      isFirst = false;
      const data = readBody(file, body);
      yield { name: header.name, size: header.size, data };
      // What was left alone is read to its end: modern-tar 0.8.6 takes the cancelling of one body for that of the next.
      for await (const _ of data);
    }
  } catch (error) {
    throw asBackupError(file, error, isFirst);
  }
}

/** Its errors arise where it is read, not where the entries are. */
async function* readBody(file: string, body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  try {
    yield* body;
  } catch (error) {
    throw asBackupError(file, error, false);
  }
}

interface Entry {
  header: { name: string; size: number };
  body: ReadableStream<Uint8Array>;
}

function asBackupError(file: string, error: unknown, isFirst: boolean): unknown {
  if (!(error instanceof Error) || error instanceof BackupError) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  if ('syscall' in error)
    return new BackupError(
      'no-file',
      `${file} cannot be read (${error.message}): name the file of a backup.`,
      error,
    );
  if (code === 'Z_BUF_ERROR' || /truncated/iu.test(error.message)) return truncated(file, error);
  return isFirst ? foreign(file, error) : damaged(file, error.message, error);
}

async function whole(file: string, data: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of data) {
    size += chunk.byteLength;
    if (size > longestDescription) throw foreign(file);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function asHead(file: string, name: string, data: Uint8Array): BackupHead {
  if (name !== headName) throw foreign(file);
  const parsed = BackupHead.safeParse(parseJson(data));
  if (parsed.success) return parsed.data;
  if (newerVersion(parsed.error) === undefined) throw foreign(file, parsed.error);
  throw new BackupError(
    'newer',
    `${file} was written by a newer orchestra: restore it with that one, or bring this one up to date.`,
    parsed.error,
  );
}

function asManifest(file: string, found: readonly ContentEntry[], data: Uint8Array): Manifest {
  const parsed = Manifest.safeParse(parseJson(data));
  if (!parsed.success) throw damaged(file, 'its list of contents cannot be read', parsed.error);
  const { content } = parsed.data;
  const count = Math.max(content.length, found.length);
  for (let index = 0; index < count; index += 1) {
    const [wanted, is] = [content[index], found[index]];
    if (wanted?.name !== is?.name || wanted?.size !== is?.size || wanted?.sha256 !== is?.sha256)
      throw damaged(file, `${wanted?.name ?? is?.name} is not what was written`);
  }
  return parsed.data;
}

const foreign = (file: string, cause?: unknown): BackupError =>
  new BackupError(
    'foreign',
    `${file} is no backup of an orchestra: name a file that \`orchestra backup\` wrote.`,
    cause,
  );

const truncated = (file: string, cause?: unknown): BackupError =>
  new BackupError(
    'truncated',
    `${file} is not whole, its end is missing: copy it once more from where it came from, or use another backup.`,
    cause,
  );

const damaged = (file: string, why: string, cause?: unknown): BackupError =>
  new BackupError(
    'damaged',
    `${file} is damaged (${why}): copy it once more from where it came from, or use another backup.`,
    cause,
  );
