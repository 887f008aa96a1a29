import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { applyEdits } from '../../src/sample/apply-edits.ts';
import type { Edit } from '../../src/sample/change-request.ts';

async function folderWith(files: Record<string, string>) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'orchestra sample-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return { folder, read: (name: string) => readFile(join(folder, name), 'utf8') };
}

const create = (path: string, text = 'new\n'): Edit => ({ kind: 'create', path, text });
const append = (path: string, text: string): Edit => ({ kind: 'append', path, text });
const replace = (path: string, before: string, after: string): Edit => ({
  kind: 'replace',
  path,
  before,
  after,
});

test('all kinds of edits, and twice is the same as once', async () => {
  const { folder, read } = await folderWith({ 'a.txt': 'one\ntwo\nthree', 'b.txt': 'b\n' });
  const edits = [
    create('deep/er/new.txt'),
    replace('./a.txt', 'two\n', "$& $1 $' two\n"),
    append('a.txt', 'four\n'),
    replace('b.txt', 'b\n', ''),
  ];
  const changed = ['deep/er/new.txt', 'a.txt', 'b.txt'];
  expect(await applyEdits(folder, edits, { dryRun: true })).toEqual(changed);
  expect(await readdir(folder)).toEqual(['a.txt', 'b.txt']);
  expect(await applyEdits(folder, edits)).toEqual(changed);
  expect(await read('deep/er/new.txt')).toBe('new\n');
  expect(await read('a.txt')).toBe("one\n$& $1 $' two\nthree\nfour\n");
  expect(await read('b.txt')).toBe('');
  expect(await applyEdits(folder, edits, { dryRun: true })).toEqual([]);
  expect(await applyEdits(folder, edits)).toEqual([]);
});

test.each([
  ['the new text contains the old one', 'x = 1\n', 'x = 1\ny = 2\n'],
  ['the old text contains the new one', 'x = 1\ny = 2\n', 'y = 2\n'],
  ['they have nothing in common', 'x = 1\n', 'z\n'],
])('a replacement is made once where %s', async (_, before, after) => {
  const { folder, read } = await folderWith({ a: `top\n${before}end\n` });
  const edits = [replace('a', before, after)];
  expect(await applyEdits(folder, edits)).toEqual(['a']);
  expect(await applyEdits(folder, edits)).toEqual([]);
  expect(await read('a')).toBe(`top\n${after}end\n`);
});

test.each([
  '/etc/passwd',
  '../outside',
  'a/../../outside',
  '.git/config',
  'sub/.GIT/hooks/x',
  '.',
  '',
  'a\0b',
  '\\x',
  'link/x',
  'link-to-file',
  'dangling',
  'file/x',
  'folder',
])('the path %j is refused and nothing is written', async (path) => {
  const { folder } = await folderWith({ file: 'x' });
  const outside = await folderWith({ secret: 'secret' });
  await mkdir(join(folder, 'folder'));
  await symlink(outside.folder, join(folder, 'link'));
  await symlink(join(outside.folder, 'secret'), join(folder, 'link-to-file'));
  await symlink(join(outside.folder, 'not-there'), join(folder, 'dangling'));
  const names = await readdir(folder);
  await expect(applyEdits(folder, [create('fine'), create(path)])).rejects.toMatchObject({
    code: 'forbidden-path',
  });
  expect(await readdir(folder)).toEqual(names);
  expect(await readdir(outside.folder)).toEqual(['secret']);
  expect(await outside.read('secret')).toBe('secret');
});

test('what is not there cannot be changed, and then nothing is', async () => {
  const { folder, read } = await folderWith({ a: 'a\n' });
  await expect(applyEdits(folder, [append('a', 'b\n'), append('none', 'x')])).rejects.toMatchObject({
    code: 'file-missing',
  });
  await expect(applyEdits(folder, [append('a', 'b\n'), replace('a', 'z', 'y')])).rejects.toMatchObject({
    code: 'text-not-found',
  });
  expect(await read('a')).toBe('a\n');
});
