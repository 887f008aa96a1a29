import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findProgram, findPrograms } from '../../src/setup/find-program.mjs';
import { temporaryFolder, writeFiles, writeProgram } from './temporary-folder.ts';

test('programs are found in the order of PATH, then in the other folders, each once', () => {
  const [first, second, other] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  for (const folder of [first, second, other]) writeProgram(join(folder, 'violin'), 'la');
  expect(findPrograms('violin', { path: `${second}:${first}:${second}`, alsoIn: [other, first] })).toEqual(
    [second, first, other].map((folder) => join(folder, 'violin')),
  );
});

test('folders, files that cannot be run, and relative folders are passed over', () => {
  const folder = temporaryFolder();
  writeFiles(folder, { 'plain/violin': '', 'tree/violin/leaf': '' });
  const path = ['plain', 'tree', 'absent'].map((name) => join(folder, name)).join(':');
  expect(findProgram('violin', { path: `${path}:.::plain` })).toBeUndefined();
});
