/** The command that works where it is typed, and what the first and last words of `orchestra up` make of it. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { commandName } from '../../src/cli/command-name.ts';
import { sampleIsOver } from '../../src/cli/up/summary.ts';
import { parseConfig } from '../../src/config/read-config.ts';
import { stateFolder } from '../../src/state-folder/state-folder.ts';
import { smallest, temporaryFolder } from '../config/config-text.ts';

async function folderWithOrchestra(...parts: string[]): Promise<string> {
  const folder = join(await temporaryFolder(), ...parts);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'orchestra'), '#!/bin/sh\n');
  await chmod(join(folder, 'orchestra'), 0o755);
  return folder;
}

test('it is `orchestra` where a shell finds one, else npx runs it', async () => {
  const bin = await folderWithOrchestra('bin');
  expect(commandName(['/nowhere', bin].join(delimiter))).toBe('orchestra');
  expect(commandName('/nowhere')).toBe('npx orchestra');
  expect(commandName('')).toBe('npx orchestra');
});

test('what npm puts into the PATH of its scripts is in no shell', async () => {
  expect(commandName(await folderWithOrchestra('node_modules', '.bin'))).toBe('npx orchestra');
});

const tasks = { total: 2, waiting: 0, working: 0, done: 1, failed: 0, blocked: 0, closed: 1 };
const world = (repository: string) => ({
  project: '/p',
  config: { ...parseConfig(smallest, 'orchestra.yaml'), repository },
  state: stateFolder('/p/.orchestra'),
});

test('a sample with nothing left to do says how to begin anew, anything else does not', () => {
  const sample = world('.orchestra/sample/repository');
  expect(sampleIsOver(sample, { tasks, idle: true })).toEqual([
    'everything is done; `npm start -- --fresh` begins anew',
  ]);
  expect(sampleIsOver(world('.'), { tasks, idle: true })).toEqual([]);
  expect(sampleIsOver(sample, { tasks: { ...tasks, total: 3, failed: 1 }, idle: true })).toEqual([]);
  expect(sampleIsOver(sample, { tasks: { ...tasks, total: 0, done: 0, closed: 0 }, idle: true })).toEqual([]);
  expect(sampleIsOver(sample, { tasks, idle: false })).toEqual([]);
});
