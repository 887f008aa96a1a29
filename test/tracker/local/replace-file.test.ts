import { writeFileSync } from 'node:fs';
import { chmod, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { editFile, replaceFile } from '../../../src/tracker/local/replace-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';

test('permissions stay and nothing is left behind', async () => {
  const folder = await temporaryFolder({ a: 'old' });
  const path = join(folder, 'a');
  await chmod(path, 0o662);
  expect(await editFile(path, (text) => `${text}er`)).toBe('changed');
  expect(await readFile(path, 'utf8')).toBe('older');
  expect((await stat(path)).mode & 0o777).toBe(0o662);
  expect(await readdir(folder)).toEqual(['a']);
});

test('an edit that changes nothing does not touch the file', async () => {
  const folder = await temporaryFolder({ a: 'same' });
  const before = await stat(join(folder, 'a'));
  expect(await editFile(join(folder, 'a'), (text) => text)).toBe('unchanged');
  const after = await stat(join(folder, 'a'));
  expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
});

test('what a person saves meanwhile is kept, and the edit made to it', async () => {
  const folder = await temporaryFolder({ a: 'one' });
  const path = join(folder, 'a');
  let calls = 0;
  const outcome = await editFile(path, (text) => {
    if (calls++ === 0) writeFileSync(path, 'two');
    return `${text}!`;
  });
  expect([outcome, calls]).toEqual(['changed', 2]);
  expect(await readFile(path, 'utf8')).toBe('two!');
});

test('somebody who never stops saving wins', async () => {
  const folder = await temporaryFolder({ a: '0' });
  const path = join(folder, 'a');
  let saves = 0;
  const outcome = await editFile(path, (text) => {
    writeFileSync(path, String(++saves));
    return `${text}!`;
  });
  expect(outcome).toBe('conflict');
  expect(await readFile(path, 'utf8')).toBe(String(saves));
  expect(await readdir(folder)).toEqual(['a']);
});

test('a failed write leaves no temporary file, and the error is the first one', async () => {
  const folder = await temporaryFolder({ 'a/b': '' });
  await expect(replaceFile(join(folder, 'a'), 'x')).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(await readdir(folder)).toEqual(['a']);
  await expect(replaceFile(join(folder, 'none', 'a'), 'x')).rejects.toThrow(/ENOENT/);
});

test('text that is not UTF-8 is not rewritten', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'a');
  writeFileSync(path, Buffer.from([0x61, 0xff, 0x62]));
  await expect(editFile(path, (text) => `${text}x`)).rejects.toThrow('not UTF-8');
  expect(await readFile(path)).toEqual(Buffer.from([0x61, 0xff, 0x62]));
});
