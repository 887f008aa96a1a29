import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dependencies, dependenciesFit } from '../../src/setup/dependencies.mjs';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';

const wanted = {
  '': { version: '1.0.0' },
  'node_modules/violin': { version: '1.2.0', integrity: 'sha512-violin' },
  'node_modules/violin/node_modules/bow': { version: '3.0.0', integrity: 'sha512-bow' },
  'node_modules/harp-other-platform': { version: '1.0.0', integrity: 'sha512-harp', optional: true },
};
const { '': _root, 'node_modules/harp-other-platform': _harp, ...installed } = wanted;

function repository(packages: object | undefined): string {
  const root = temporaryFolder();
  writeFiles(root, { 'package-lock.json': JSON.stringify({ packages: wanted }) });
  for (const folder of Object.keys(installed)) writeFiles(root, { [join(folder, 'package.json')]: '{}' });
  if (packages) writeFiles(root, { 'node_modules/.package-lock.json': JSON.stringify({ packages }) });
  return root;
}

test('what npm noted fits, without the optional packages of other platforms', () => {
  expect(dependenciesFit(repository(installed))).toBe(true);
});

test('another version or content does not fit', () => {
  const violin = installed['node_modules/violin'];
  expect(
    dependenciesFit(repository({ ...installed, 'node_modules/violin': { ...violin, version: '1.1.0' } })),
  ).toBe(false);
  expect(
    dependenciesFit(
      repository({ ...installed, 'node_modules/violin': { ...violin, integrity: 'sha512-x' } }),
    ),
  ).toBe(false);
});

test('an interrupted installation does not fit', () => {
  expect(dependenciesFit(repository(undefined))).toBe(false);
  const root = repository(installed);
  rmSync(join(root, 'node_modules/violin/node_modules/bow'), { recursive: true });
  expect(dependenciesFit(root)).toBe(false);
});

test('npm ci makes them fit', async () => {
  // A package of the repository's own: npm needs no network for it.
  const root = writeFiles(temporaryFolder(), {
    'package.json': '{"name":"orchestra","version":"1.0.0","dependencies":{"violin":"file:violin"}}',
    'violin/package.json': '{"name":"violin","version":"1.2.0"}',
    'package-lock.json': JSON.stringify({
      name: 'orchestra',
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': { name: 'orchestra', version: '1.0.0', dependencies: { violin: 'file:violin' } },
        'node_modules/violin': { resolved: 'violin', link: true },
        violin: { version: '1.2.0' },
      },
    }),
  });
  const said: string[] = [];
  const step = dependencies(root);
  expect(await step.isDone()).toBe(false);
  await step.perform((line) => said.push(line));
  expect(await step.isDone()).toBe(true);
  expect(said).toEqual([expect.stringContaining(join(root, 'node_modules'))]);
});

test('what npm refuses is one sentence and what npm said, without its page of options', async () => {
  const root = writeFiles(temporaryFolder(), { 'package.json': '{"name":"orchestra","version":"1.0.0"}' });
  await expect(dependencies(root).perform(() => {})).rejects.toMatchObject({
    exitCode: 69,
    message: expect.stringContaining(`npm ci in ${root}`),
    details: expect.not.stringContaining('--legacy-bundling'),
  });
});
