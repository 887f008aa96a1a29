/** `orchestra doctor` where no daemon runs, and how it speaks of orphans. */
import { existsSync } from 'node:fs';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Finding } from '../../src/cli/doctor/finding.ts';
import { abridged } from '../../src/cli/doctor/orphans.ts';
import { lockFolder } from '../../src/state-folder/folder-lock.ts';
import { OrchestraProject } from '../daemon/orchestra-project.ts';

let project: OrchestraProject;
beforeEach(async () => {
  project = await OrchestraProject.create({
    agents: { kaede: { roles: ['codegen'], adapter: 'command', command: ['true'] } },
  });
});
afterEach(() => project.remove());

const doctor = async (...args: string[]): Promise<Finding[]> =>
  JSON.parse((await project.cli(['doctor', '--json', ...args], { reject: false })).stdout);

const about = async (what: string, ...args: string[]) =>
  (await doctor(...args)).filter((finding) => finding.what === what);

test('before the first start there is nothing, and nothing is made for a daemon', async () => {
  expect(await about('orphans')).toEqual([{ verdict: 'ok', what: 'orphans', detail: 'none' }]);
  expect(existsSync(project.state.controlGroups)).toBe(false);
  expect(existsSync(project.state.lockFile)).toBe(false);
});

test('left-over files are shown, and cleaned when that is asked for', async () => {
  const file = join(project.state.root, 'daemon.json.4711');
  await mkdir(project.state.root, { recursive: true });
  await writeFile(file, '');
  await utimes(file, 1_000, 1_000);
  const orphan = {
    kind: 'file',
    id: file,
    why: 'its writer has ended before it was done',
    remedy: 'removed',
  };
  expect(await about('orphan')).toMatchObject([{ verdict: 'warning', orphan }]);
  expect(existsSync(file)).toBe(true);
  expect(await about('cleaned', '--clean')).toEqual([
    { verdict: 'ok', what: 'cleaned', detail: `file ${file} removed: ${orphan.why}`, orphan },
  ]);
  expect(existsSync(file)).toBe(false);
  expect(await about('orphans', '--clean')).toMatchObject([{ detail: 'none' }]);
});

test('what only a daemon can judge is not called none', async () => {
  const repository = project.path('repository');
  await execa('git', ['branch', 'orchestra/1-one'], { cwd: repository });
  for (const [key, value] of [
    ['orchestraBase', 'main'],
    ['orchestraTask', '1'],
  ] as const)
    await execa('git', ['config', `branch.orchestra/1-one.${key}`, value], { cwd: repository });
  const found = await about('orphans');
  expect(found).toMatchObject([{ verdict: 'ok', detail: expect.stringContaining('1 task branch:') }]);
});

test('while a daemon is starting nothing is judged', async () => {
  await mkdir(project.state.root, { recursive: true });
  const unlock = await lockFolder(project.state.root, project.state.lockFile);
  expect(await about('orphans', '--clean')).toMatchObject([
    { verdict: 'ok', detail: `the daemon (pid ${process.pid}) is starting or ending: ask again in a moment` },
  ]);
  await unlock();
});

test('without a config that can be read nobody knows whose something is', async () => {
  await writeFile(project.path('orchestra.yaml'), 'agents: {}\nstate: state\nnonsense: 1\n');
  expect(await about('orphans', '--clean')).toMatchObject([{ verdict: 'problem' }]);
});

test('of many alike people see some and their number', () => {
  const orphans = Array.from({ length: 25 }, (_, index): Finding => {
    const orphan = { kind: 'branch', id: `b${index}`, why: 'left', remedy: 'kept' } as const;
    return { verdict: 'warning', what: 'orphan', detail: orphan.id, orphan };
  });
  const other: Finding = { verdict: 'ok', what: 'node', detail: 'v20' };
  const shown = abridged([other, ...orphans]);
  expect(shown).toHaveLength(22);
  expect(shown.at(-1)?.detail).toBe('… and 5 more of kind branch; --json lists all');
  expect(abridged([other, ...orphans.slice(0, 20)])).toHaveLength(21);
});
