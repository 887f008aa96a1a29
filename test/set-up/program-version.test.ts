import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readVersion, rememberVersions } from '../../src/setup/program-version.mjs';
import { temporaryFolder, writeFiles, writeProgram } from './temporary-folder.ts';

test('a program is asked once, until its file changes', async () => {
  const folder = temporaryFolder();
  const program = writeProgram(join(folder, 'violin'), 'violin 1.2');
  const asked: string[] = [];
  const reader = () =>
    rememberVersions(join(folder, 'cache', 'versions.json'), async (path, flag) => {
      asked.push(flag);
      return readVersion(path, flag);
    });
  expect(await reader()(program, '-V')).toBe('1.2.0');
  expect(await reader()(program, '-V')).toBe('1.2.0');
  expect(asked).toHaveLength(1);
  writeProgram(program, 'violin 1.20');
  expect(await reader()(program, '-V')).toBe('1.20.0');
});

test('a broken cache is only slow', async () => {
  const folder = writeFiles(temporaryFolder(), { 'versions.json': '{"cut off' });
  const program = writeProgram(join(folder, 'violin'), 'violin 1.2');
  expect(await rememberVersions(join(folder, 'versions.json'))(program, '-V')).toBe('1.2.0');
  expect(await rememberVersions(join(folder, 'violin', 'no-folder'))(program, '-V')).toBe('1.2.0');
});
