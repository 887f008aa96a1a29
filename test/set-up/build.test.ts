import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { build } from '../../src/setup/build.mjs';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';

const projectRoot = join(import.meta.dirname, '..', '..');

/** A repository in small, with this one's compiler and its settings. */
function repository() {
  const root = writeFiles(temporaryFolder(), {
    'package.json': '{"type":"module"}',
    'tsconfig.json': readFileSync(join(projectRoot, 'tsconfig.json'), 'utf8'),
    'src/solo.ts': "export const solo: string = 'solo';\n",
    'src/duet.ts': "import { solo } from './solo.ts';\nconsole.log(solo, 'and', solo);\n",
    'src/sheet.md': '# Sheet\n',
  });
  symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
  const step = build(root);
  const inDist = (...names: string[]) => join(root, 'dist', 'src', ...names);
  return { root, step, inDist, perform: () => step.perform(() => {}) };
}

test('a build holds what was compiled and every other file, and is not repeated', async () => {
  const { step, inDist, perform } = repository();
  expect(await step.isDone()).toBe(false);
  await perform();
  expect(await step.isDone()).toBe(true);
  expect(execFileSync(process.execPath, [inDist('duet.js')], { encoding: 'utf8' })).toBe('solo and solo\n');
  expect(readFileSync(inDist('sheet.md'), 'utf8')).toBe('# Sheet\n');
});

test('a changed source is compiled again', async () => {
  const { root, step, inDist, perform } = repository();
  await perform();
  writeFiles(root, { 'src/solo.ts': "export const solo: string = 'encore';\n" });
  expect(await step.isDone()).toBe(false);
  await perform();
  expect(readFileSync(inDist('solo.js'), 'utf8')).toContain('encore');
});

test('a removed source leaves nothing in dist', async () => {
  const { root, step, inDist, perform } = repository();
  await perform();
  for (const name of ['duet.ts', 'sheet.md']) rmSync(join(root, 'src', name));
  expect(await step.isDone()).toBe(false);
  await perform();
  for (const name of ['duet.js', 'duet.js.map', 'sheet.md'])
    expect(existsSync(inDist(name)), name).toBe(false);
  expect(existsSync(inDist('solo.js'))).toBe(true);
});

test('a file missing from dist is made again, though no source has changed', async () => {
  const { step, inDist, perform } = repository();
  await perform();
  rmSync(inDist('duet.js'));
  expect(await step.isDone()).toBe(false);
  await perform();
  expect(existsSync(inDist('duet.js'))).toBe(true);
});

test('a program stays one', async () => {
  const { root, inDist, perform } = repository();
  writeFiles(root, { 'src/play.mjs': '#!/usr/bin/env node\n', 'src/play.sh': '#!/bin/sh\n' }, 0o755);
  await perform();
  for (const name of ['play.mjs', 'play.sh']) expect(statSync(inDist(name)).mode & 0o111, name).toBe(0o111);
});

test('sources that do not compile are not called built', async () => {
  const { root, step, perform } = repository();
  writeFiles(root, { 'src/wrong.ts': 'export const wrong: string = 1;\n' });
  await expect(perform()).rejects.toMatchObject({
    exitCode: 1,
    details: expect.stringContaining('src/wrong.ts'),
  });
  expect(await step.isDone()).toBe(false);
});

/** The repository in small, with a page of one line. */
function repositoryWithPage() {
  const { root, ...rest } = repository();
  const kept = ['vite.config.ts', 'src/page/tsconfig.json'];
  writeFiles(root, {
    ...Object.fromEntries(kept.map((name) => [name, readFileSync(join(projectRoot, name), 'utf8')])),
    'src/page/index.html':
      '<!doctype html><title>Page</title><script type="module" src="./app/main.tsx"></script>\n',
    'src/page/app/main.tsx': "import { greeting } from '../model/greeting.ts';\ndocument.title = greeting;\n",
    'src/page/model/greeting.ts': "export const greeting: string = 'da capo';\n",
  });
  const bundle = () => {
    const assets = join(root, 'dist', 'page', 'assets');
    return readdirSync(assets)
      .map((name) => readFileSync(join(assets, name), 'utf8'))
      .join('');
  };
  return { root, bundle, ...rest };
}

test('the page is bundled, its pure files are compiled as well, and neither is repeated', async () => {
  const { root, step, inDist, bundle, perform } = repositoryWithPage();
  await perform();
  expect(bundle()).toContain('da capo');
  expect(existsSync(inDist('page', 'model', 'greeting.js'))).toBe(true);
  expect(existsSync(inDist('page', 'app'))).toBe(false);
  expect(await step.isDone()).toBe(true);
  rmSync(join(root, 'dist', 'page'), { recursive: true });
  expect(await step.isDone()).toBe(false);
});

test('a changed page is bundled again, and nothing of the old one stays', async () => {
  const { root, step, bundle, perform } = repositoryWithPage();
  await perform();
  writeFiles(root, { 'src/page/model/greeting.ts': "export const greeting: string = 'al fine';\n" });
  expect(await step.isDone()).toBe(false);
  await perform();
  expect(bundle()).toContain('al fine');
  expect(bundle()).not.toContain('da capo');
});

test('a page that does not compile is not called built', async () => {
  const { root, step, perform } = repositoryWithPage();
  writeFiles(root, { 'src/page/app/main.tsx': 'const wrong: string = 1;\ndocument.title = wrong;\n' });
  await expect(perform()).rejects.toMatchObject({
    exitCode: 1,
    details: expect.stringContaining('app/main.tsx'),
  });
  expect(await step.isDone()).toBe(false);
});
