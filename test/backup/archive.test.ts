/** The backup's file: whole or not there, and every fault of it told for what it is. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readArchive, readHead, verifyArchive } from '../../src/backup/archive-reader.ts';
import { writeArchive } from '../../src/backup/archive-writer.ts';
import { BackupError, type BackupErrorCode } from '../../src/backup/backup-error.ts';
import { type BackupHead, headName, type Manifest, manifestName } from '../../src/backup/manifest.ts';
import { noSmallDisk, smallDisk } from '../limits/small-disk.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orch-archive-'));
  file = join(folder, 'backup.tar.gz');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const head: BackupHead = {
  version: 1,
  format: 'miyabi-orchestra-backup',
  product: '0.1.0',
  node: 'local',
  at: '2026-11-22T18:00:00.000Z',
};
const big = randomBytes(300_000);
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

function write(as: object = head): Promise<number> {
  return writeArchive(file, async (archive) => {
    await archive.add(headName, bytes(as));
    await archive.add('streams/ORCH_INBOX/000001', big);
    await archive.add('streams/KV_orch_tasks/000001', new Uint8Array());
    const manifest: Manifest = {
      version: 1,
      streams: [],
      git: { bundle: null, remote: false, branches: [] },
      content: [...archive.content],
    };
    await archive.add(manifestName, bytes(manifest));
  });
}

async function codeOf(reading: Promise<unknown>): Promise<BackupErrorCode | undefined> {
  const error = await reading.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (error !== undefined && !(error instanceof BackupError)) throw error;
  return error?.code;
}

test('what was written is read back, by nobody but its owner', async () => {
  const size = await write();
  const kept = new Map<string, Buffer[]>();
  const { manifest, ...found } = await verifyArchive(file, (name, chunk) => {
    kept.set(name, [...(kept.get(name) ?? []), Buffer.from(chunk)]);
  });
  expect(found.head).toEqual(head);
  expect(await readHead(file)).toEqual(head);
  expect(manifest.content.map((entry) => entry.size)).toEqual([bytes(head).byteLength, 300_000, 0]);
  expect(Buffer.concat(kept.get('streams/ORCH_INBOX/000001') ?? []).equals(big)).toBe(true);
  const { mode, size: onDisk } = await stat(file);
  expect(mode & 0o777).toBe(0o600);
  expect(onDisk).toBe(size);
});

test('entries that are left alone do not hold up the others', async () => {
  await write();
  let size = 0;
  for await (const { name, data } of readArchive(file)) {
    if (name !== 'streams/ORCH_INBOX/000001') continue;
    for await (const chunk of data) size += chunk.byteLength;
  }
  expect(size).toBe(300_000);
});

test('a backup that cannot be finished leaves the one before it, and nothing else', async () => {
  await write();
  const before = await readFile(file);
  const failing = writeArchive(file, async (archive) => {
    await archive.add(headName, bytes(head));
    throw new Error('the server is gone');
  });
  await expect(failing).rejects.toThrow('the server is gone');
  expect((await readFile(file)).equals(before)).toBe(true);
  expect(await readdir(folder)).toEqual(['backup.tar.gz']);
});

test('a folder that is not there is named, with the remedy', async () => {
  file = join(folder, 'nowhere', 'backup.tar.gz');
  await expect(write()).rejects.toMatchObject({
    code: 'unwritable',
    message: expect.stringContaining('name a file in a folder that has room'),
  });
});

test('a file that is cut off anywhere is not whole', async () => {
  await write();
  const whole = await readFile(file);
  for (const part of [0.3, 0.6, 0.9, 0.999]) {
    await writeFile(file, whole.subarray(0, Math.floor(whole.length * part)));
    expect(await codeOf(verifyArchive(file)), `cut at ${part}`).toBe('truncated');
  }
});

test('a tar without its last entry is not whole, however well it is packed', async () => {
  const tar = await packTar([
    { header: { name: headName, size: bytes(head).byteLength }, body: bytes(head) },
  ]);
  await writeFile(file, gzipSync(tar));
  expect(await codeOf(verifyArchive(file))).toBe('truncated');
});

test('a flipped bit is noticed wherever it is', async () => {
  await write();
  const whole = await readFile(file);
  for (const place of [0.4, 0.7]) {
    const broken = Buffer.from(whole);
    const at = Math.floor(broken.length * place);
    broken[at] = (broken[at] ?? 0) ^ 0x10;
    await writeFile(file, broken);
    expect(['damaged', 'truncated'], `at ${place}`).toContain(await codeOf(verifyArchive(file)));
  }
  const tar = gunzipSync(whole);
  const inside = tar.indexOf(big.subarray(1_000, 1_032));
  tar[inside] = (tar[inside] ?? 0) ^ 1;
  await writeFile(file, gzipSync(tar));
  await expect(verifyArchive(file)).rejects.toMatchObject({
    code: 'damaged',
    message: expect.stringContaining('streams/ORCH_INBOX/000001 is not what was written'),
  });
});

test('another file is none of ours', async () => {
  expect(await codeOf(verifyArchive(file))).toBe('no-file');
  expect(await codeOf(verifyArchive(folder))).toBe('no-file');
  const other = await packTar([{ header: { name: 'README.md', size: 2 }, body: 'hi' }]);
  for (const content of ['', 'hello', randomBytes(2_000), gzipSync('hello'), gzipSync(other)]) {
    await writeFile(file, content);
    expect(['foreign', 'truncated'], String(content).slice(0, 10)).toContain(
      await codeOf(verifyArchive(file)),
    );
  }
  await writeFile(file, gzipSync(other));
  expect(await codeOf(readHead(file))).toBe('foreign');
});

test('a newer one is told from a broken one', async () => {
  await write({ ...head, version: 2, format: 'miyabi-orchestra-backup' });
  await expect(verifyArchive(file)).rejects.toMatchObject({
    code: 'newer',
    message: expect.stringContaining('written by a newer orchestra'),
  });
  await write({ ...head, format: 'something else' });
  expect(await codeOf(verifyArchive(file))).toBe('foreign');
});

test.skipIf(noSmallDisk)('a disk without room is told, and nothing stays on it', async () => {
  const disk = await smallDisk(2);
  const failing = writeArchive(join(disk.folder, 'backup.tar.gz'), async (archive) => {
    for (let n = 0; n < 20; n += 1) await archive.add(`part ${n}`, big);
  });
  expect(await codeOf(failing)).toBe('unwritable');
  expect(await readdir(disk.folder)).toEqual([]);
});
