/** The agents' work in git: packed without being touched, and brought back into another clone. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundleWork } from '../../src/backup/git-backup.ts';
import { checkRepository, restoreWork } from '../../src/backup/git-restore.ts';
import { openWorktrees } from '../../src/worktrees/open-worktrees.ts';

let folder: string;
const path = (...parts: string[]) => join(folder, ...parts);
const git = async (where: string, ...args: string[]) =>
  (await execa('git', ['-C', path(where), '-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args]))
    .stdout;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orch-git-'));
  await execa('git', ['init', '-q', '--bare', '-b', 'main', path('origin.git')]);
  await execa('git', ['init', '-q', '-b', 'main', path('repository')]);
  await writeFile(path('repository', 'kept.txt'), 'kept\n');
  await writeFile(path('repository', 'gone.txt'), 'gone\n');
  await git('repository', 'add', '.');
  await git('repository', 'commit', '-qm', 'begin');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function publish(): Promise<void> {
  await git('repository', 'remote', 'add', 'origin', path('origin.git'));
  await git('repository', 'push', '-q', 'origin', 'main');
  await git('repository', 'fetch', '-q', 'origin');
}

/** Task 1: a commit and things that are not committed. Task 2: nothing done. */
async function work(): Promise<void> {
  const worktrees = await openWorktrees({ repository: path('repository'), directory: path('worktrees') });
  await worktrees.prepare('1', 'One');
  await worktrees.prepare('2', 'Two');
  await writeFile(path('worktrees/1/done.txt'), 'done\n');
  await git('worktrees/1', 'add', '.');
  await git('worktrees/1', 'commit', '-qm', 'done');
  await writeFile(path('worktrees/1/staged.txt'), 'staged\n');
  await git('worktrees/1', 'add', 'staged.txt');
  await writeFile(path('worktrees/1/kept.txt'), 'changed\n');
  await writeFile(path('worktrees/1/untracked.txt'), 'untracked\n');
  await rm(path('worktrees/1/gone.txt'));
}

const pack = () =>
  bundleWork({ repository: path('repository'), worktrees: path('worktrees'), temporary: folder });

test('nothing is touched: neither files, nor index, nor refs', async () => {
  await publish();
  await work();
  const look = async () => [
    await git('worktrees/1', 'status', '--porcelain=v2'),
    await git('repository', 'for-each-ref'),
  ];
  const before = await look();
  const { git: entry } = await pack();
  expect(await look()).toEqual(before);
  expect(
    entry.branches.map(({ task, worktree, uncommitted }) => [task, worktree, uncommitted !== null]),
  ).toEqual([
    ['1', true, true],
    ['2', true, false],
  ]);
});

test('in another clone branches, worktrees and unfinished work are as they were', async () => {
  await publish();
  await work();
  const { git: entry, file } = await pack();
  await execa('git', ['clone', '-q', path('origin.git'), path('clone')]);
  const target = { repository: path('clone'), worktrees: path('restored') };
  await checkRepository(target, entry, file);
  expect(await restoreWork(target, entry, file)).toEqual([]);
  expect(await git('restored/1', 'log', '--format=%s', '-1')).toBe('done');
  const status = (await git('restored/1', 'status', '--porcelain')).split('\n').toSorted();
  expect(status).toEqual([' D gone.txt', ' M kept.txt', '?? staged.txt', '?? untracked.txt']);
  expect(await readFile(path('restored/1/kept.txt'), 'utf8')).toBe('changed\n');
  expect(await git('restored/2', 'status', '--porcelain')).toBe('');
  expect(await git('restored/2', 'branch', '--show-current')).toBe('orchestra/2-two');
});

test('without a remote the backup has everything', async () => {
  await work();
  const { git: entry, file } = await pack();
  expect(entry.remote).toBe(false);
  await execa('git', ['init', '-q', '-b', 'main', path('clone')]);
  const target = { repository: path('clone'), worktrees: path('restored') };
  await checkRepository(target, entry, file);
  await restoreWork(target, entry, file);
  expect(await git('clone', 'log', '--format=%s', 'orchestra/1-one')).toBe('done\nbegin');
});

test('a branch that has gone on stays; one that is another stays too, and both are said', async () => {
  await publish();
  await work();
  const { git: entry, file } = await pack();
  const target = { repository: path('repository'), worktrees: path('worktrees') };
  await git('worktrees/1', 'commit', '-qam', 'more');
  expect(await restoreWork(target, entry, file)).toEqual([
    'orchestra/1-one has gone on since the backup, and stays as it is',
    'what was not committed on orchestra/1-one is refs/orchestra/restored/1-uncommitted: the branch is not where it was',
  ]);
  await git('worktrees/1', 'commit', '-q', '--amend', '-m', 'other');
  await git('worktrees/1', 'reset', '-q', '--hard', 'origin/main');
  const [note] = await restoreWork(target, entry, file);
  expect(note).toBe(
    'orchestra/1-one is another one today, and stays as it is; that of the backup is refs/orchestra/restored/1',
  );
  expect(await git('repository', 'log', '--format=%s', '-1', 'refs/orchestra/restored/1')).toBe('done');
});

test('a repository that lacks what the backup builds on is refused before anything is written', async () => {
  await publish();
  await work();
  const { git: entry, file } = await pack();
  await execa('git', ['init', '-q', path('empty')]);
  const refusal = (where: string) =>
    checkRepository({ repository: path(where), worktrees: path('restored') }, entry, file);
  await expect(refusal('empty')).rejects.toMatchObject({
    code: 'repository',
    message: expect.stringContaining('`git fetch --all`'),
  });
  await expect(refusal('nowhere')).rejects.toMatchObject({
    code: 'repository',
    message: expect.stringContaining('clone it'),
  });
});

/** Git cannot add a file of task 1 for so many times, as when files vanish under it. */
async function failAdding(times: number): Promise<void> {
  const clean = `echo x >> ${path('tries')}; test $(wc -l < ${path('tries')}) -gt ${times} && cat`;
  await git('repository', 'config', 'filter.vanishing.clean', clean);
  await git('repository', 'config', 'filter.vanishing.required', 'true');
  await writeFile(path('worktrees/1/.gitattributes'), 'untracked.txt filter=vanishing\n');
}

test('a worktree that changes under the backup is looked at again', async () => {
  await work();
  await failAdding(2);
  const { git: entry } = await pack();
  expect(entry.branches[0]).toMatchObject({ task: '1', notTaken: null, uncommitted: expect.any(String) });
});

test('one whose changes cannot be taken is noted, and the rest is in the backup', async () => {
  await work();
  await failAdding(1_000);
  const { git: entry, file } = await pack();
  expect(file).toBeDefined();
  expect(entry.branches).toMatchObject([
    { task: '1', uncommitted: null, notTaken: expect.stringContaining('git add') },
    { task: '2', notTaken: null },
  ]);
});
