/** `orchestra machines` as a person types it: a list without a daemon, and files that can be taken elsewhere. */
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allMachines } from '../../src/charts/all-machines.ts';
import { orchestraCommand } from '../daemon/daemon-process.ts';

/** Nothing of an orchestra is in it. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orchestra-machines-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const machines = (...args: string[]) =>
  execa(process.execPath, [orchestraCommand, 'machines', ...args], { cwd: folder, reject: false });

test('lists each with its number of states and its sentence', async () => {
  const { stdout, exitCode } = await machines();
  const lines = stdout.split('\n');
  expect(exitCode).toBe(0);
  expect(lines).toHaveLength(allMachines.length + 1);
  expect(lines.find((line) => line.startsWith('agent '))).toMatch(/^agent +13 +An agent at work: /u);
  expect(await readdir(folder), 'nothing is written').toEqual([]);
});

test('as JSON, only those named', async () => {
  const { stdout } = await machines('--json', 'supervisor', 'stall');
  expect(JSON.parse(stdout)).toEqual([
    { id: 'stall', description: expect.stringMatching(/\.$/u), states: 6, transitions: 8 },
    { id: 'supervisor', description: expect.stringMatching(/\.$/u), states: 6, transitions: 17 },
  ]);
});

test('--out writes a drawing and a file for Stately of each, and says which', async () => {
  const { stdout, exitCode } = await machines('--out', 'new/charts');
  const files = allMachines.flatMap(({ id }) => [`${id}.machine.ts`, `${id}.svg`]);
  expect(exitCode).toBe(0);
  expect((await readdir(join(folder, 'new/charts'))).sort()).toEqual(files.sort());
  expect(stdout.split('\n').sort()).toEqual(files.map((file) => join(folder, 'new/charts', file)).sort());
});

test('again over an older export, beside what is not ours', async () => {
  const target = join(folder, 'older');
  await machines('--out', 'older', 'agent');
  await writeFile(join(target, 'agent.svg'), 'old');
  await writeFile(join(target, 'agent.md'), 'mine');
  const { stdout } = await machines('--out', 'older', '--json', 'agent');
  expect(JSON.parse(stdout)).toMatchObject([
    { id: 'agent', files: [join(target, 'agent.svg'), join(target, 'agent.machine.ts')] },
  ]);
  expect(await readFile(join(target, 'agent.svg'), 'utf8')).toMatch(/^<svg /u);
  expect(await readFile(join(target, 'agent.md'), 'utf8')).toBe('mine');
});

test('a name that is none gets the one that was meant, or all', async () => {
  const typed = await machines('agnet');
  expect(typed).toMatchObject({ exitCode: 64, stderr: 'There is no machine "agnet". Did you mean "agent"?' });
  const { stderr } = await machines('zzz', '--out', 'nothing');
  expect(stderr).toMatch(/^There is no machine "zzz"\. There are: agent, .*, watchdog\.$/u);
  expect(await readdir(folder)).not.toContain('nothing');
});

test.each(['/proc/charts', 'a-file', 'a-file/charts'])(
  'a folder that takes nothing (%s) is one sentence',
  async (out) => {
    await writeFile(join(folder, 'a-file'), '');
    const { stdout, stderr, exitCode } = await machines('--out', out);
    expect(stderr).toMatch(/^cannot write the machines into \S+: [^\n]+$/u);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 73 });
  },
);

test('a link of such a name is replaced itself, and nothing else is left', async () => {
  const victim = join(folder, 'victim');
  await writeFile(victim, 'precious');
  await mkdir(join(folder, 'linked'));
  for (const name of ['task.svg', 'task.machine.ts']) await symlink(victim, join(folder, 'linked', name));
  expect((await machines('--out', 'linked', 'task')).exitCode).toBe(0);
  expect(await readFile(victim, 'utf8')).toBe('precious');
  expect((await lstat(join(folder, 'linked', 'task.svg'))).isFile()).toBe(true);
  expect((await readdir(join(folder, 'linked'))).sort()).toEqual(['task.machine.ts', 'task.svg']);
});

test('a folder in the way of a file is one sentence, and no draft is left', async () => {
  await mkdir(join(folder, 'blocked', 'task.svg'), { recursive: true });
  const { stderr, exitCode } = await machines('--out', 'blocked', 'task');
  expect(exitCode).toBe(73);
  expect(stderr).toMatch(/^cannot write the machines into [^\n]+$/u);
  expect(await readdir(join(folder, 'blocked'))).toEqual(['task.svg']);
});

test('--out without a name is refused', async () => {
  const { stderr, exitCode } = await machines('--out', '');
  expect(exitCode).toBe(64);
  expect(stderr).toMatch(/name a folder[\s\S]*orchestra machines --help/u);
});
