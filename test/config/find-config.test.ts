/** Which config file counts, and where its relative paths start from. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findConfig } from '../../src/config/find-config.ts';
import { temporaryFolder } from './config-text.ts';

async function projectWith(...files: string[]): Promise<string> {
  const project = await temporaryFolder();
  await mkdir(join(project, 'config'));
  await mkdir(join(project, 'src', 'deep'), { recursive: true });
  for (const file of files) await writeFile(join(project, file), '');
  return project;
}

test('found in the folder or the nearest one above; its paths start from the folder above config/', async () => {
  const project = await projectWith('config/orchestra.yaml');
  const place = { file: join(project, 'config', 'orchestra.yaml'), project };
  expect(await findConfig(undefined, project)).toEqual(place);
  expect(await findConfig(undefined, join(project, 'src', 'deep'))).toEqual(place);
});

test('the one beside goes before the one in config/; its paths start from its own folder', async () => {
  const project = await projectWith('orchestra.yaml', 'config/orchestra.yaml');
  expect(await findConfig(undefined, project)).toEqual({ file: join(project, 'orchestra.yaml'), project });
});

test('a named one counts, relative to where the command was given', async () => {
  const project = await projectWith('orchestra.yaml', 'src/mine.yaml');
  const place = { file: join(project, 'src', 'mine.yaml'), project: join(project, 'src') };
  expect(await findConfig('src/mine.yaml', project)).toEqual(place);
  expect(await findConfig(join(project, 'src', 'mine.yaml'), '/')).toEqual(place);
});

test('none is an error that says what to do', async () => {
  const project = await projectWith();
  await expect(findConfig(undefined, project)).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('--config'),
  });
});
