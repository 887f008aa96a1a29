import { existsSync } from 'node:fs';
import { mkdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test, vi } from 'vitest';
import { openWorktrees } from '../../src/worktrees/open-worktrees.ts';
import {
  clonedRepository,
  commit,
  localRepository,
  localWorktrees,
  run,
  temporaryFolder,
} from './repositories.ts';

test('a task gets a worktree of its own, on its own branch, outside the checkout, locked', async () => {
  const { worktrees, directory, repository, first } = await localWorktrees();
  const prepared = await worktrees.prepare('12', 'Say "hi": $(touch x) 日本語!');
  expect(prepared).toEqual({
    path: join(directory, '12'),
    branch: 'orchestra/12-say-hi-touch-x',
    base: 'trunk',
    created: true,
  });
  expect(await readFile(join(prepared.path, 'README.md'), 'utf8')).toBe('README.md\n');
  expect(await run(prepared.path, 'symbolic-ref', '--short', 'HEAD')).toBe(prepared.branch);
  expect(await worktrees.head('12')).toBe(first);
  expect(await run(repository, 'status', '--porcelain')).toBe('');
  expect(await worktrees.list()).toMatchObject([
    { taskId: '12', branch: prepared.branch, head: first, locked: true, missing: false },
  ]);
});

test('asked again, also by another daemon and under another title, it is the same one', async () => {
  const { worktrees, repository, directory } = await localWorktrees();
  const first = await worktrees.prepare('12', 'Title');
  await writeFile(join(first.path, 'unfinished'), 'work');
  const later = await openWorktrees({ repository, directory });
  expect(await later.prepare('12', 'New title')).toEqual({ ...first, created: false });
  expect(await readFile(join(first.path, 'unfinished'), 'utf8')).toBe('work');
});

test.skipIf(process.platform !== 'linux')(
  'locks that a killed git has left go, those of a git at work stay',
  async () => {
    const { worktrees, repository } = await localWorktrees();
    const { path, branch } = await worktrees.prepare('12', 'Title');
    const folder = await run(path, 'rev-parse', '--absolute-git-dir');
    const locks = [join(folder, 'index.lock'), join(repository, '.git/refs/heads', `${branch}.lock`)];
    for (const lock of locks) await writeFile(lock, '');
    await expect(commit(path, 'work.txt')).rejects.toThrow('index.lock');
    // Waits for its input, in the worktree.
    const atWork = execa('git', ['-C', path, 'cat-file', '--batch'], { reject: false });
    const patience = { timeout: 30_000 };
    const name = () => readFile(`/proc/${atWork.pid}/comm`, 'utf8');
    await vi.waitFor(async () => expect(await name()).toBe('git\n'), patience);
    await vi.waitFor(async () => expect(await readlink(`/proc/${atWork.pid}/cwd`)).toBe(path), patience);
    await worktrees.prepare('12', 'Title');
    expect(locks.map((lock) => existsSync(lock))).toEqual([true, true]);
    atWork.kill('SIGKILL');
    await atWork;
    await worktrees.prepare('12', 'Title');
    expect(locks.map((lock) => existsSync(lock))).toEqual([false, false]);
    await commit(path, 'work.txt');
  },
);

test('a title without Latin letters will do', async () => {
  const { worktrees } = await localWorktrees();
  expect(await worktrees.prepare('7', '日本語')).toMatchObject({ branch: 'orchestra/7' });
});

test('many at once take turns', async () => {
  const { worktrees } = await localWorktrees();
  const ids = Array.from({ length: 8 }, (_, index) => `task-${index}`);
  const prepared = await Promise.all([...ids, ...ids].map((id) => worktrees.prepare(id, 'Same title')));
  expect(prepared.filter(({ created }) => created)).toHaveLength(8);
  expect((await worktrees.list()).map(({ taskId }) => taskId).sort()).toEqual(ids);
});

test('work that was committed is found again after the worktree is gone', async () => {
  const { worktrees } = await localWorktrees();
  const { path, branch } = await worktrees.prepare('1', 'Title');
  const hash = await commit(path, 'work.txt');
  await rm(path, { recursive: true });
  expect(await worktrees.list()).toMatchObject([{ taskId: '1', missing: true }]);
  await expect(worktrees.head('1')).rejects.toMatchObject({ code: 'worktree-missing' });
  expect(await worktrees.prepare('1', 'Title')).toMatchObject({ branch, created: true });
  expect(await worktrees.head('1')).toBe(hash);
});

test('a worktree that was only half made is made anew', async () => {
  const { worktrees, repository } = await localWorktrees();
  const { path } = await worktrees.prepare('1', 'Title');
  // What git leaves when it is killed while it checks out files.
  await run(repository, 'worktree', 'unlock', path);
  await run(repository, 'worktree', 'lock', '--reason', 'initializing', path);
  await rm(join(path, 'README.md'));
  expect(await worktrees.prepare('1', 'Title')).toMatchObject({ created: true });
  expect(await readFile(join(path, 'README.md'), 'utf8')).toBe('README.md\n');
});

test('a branch of the same name that somebody else made is not touched', async () => {
  const { worktrees, repository } = await localWorktrees();
  await run(repository, 'branch', 'orchestra/1-title');
  await expect(worktrees.prepare('1', 'Title')).rejects.toMatchObject({ code: 'branch-taken' });
  await run(repository, 'branch', 'feature');
  await run(repository, 'branch', '--delete', 'orchestra/1-title');
  await run(repository, 'branch', '--move', 'feature', 'orchestra');
  await expect(worktrees.prepare('1', 'Title')).rejects.toMatchObject({ code: 'branch-taken' });
  await run(repository, 'branch', '--delete', 'orchestra');
  expect(await worktrees.prepare('1', 'Title')).toMatchObject({ created: true });
});

test("the task's branch in somebody's own worktree is not taken away from them", async () => {
  const { worktrees, repository, root } = await localWorktrees();
  const { branch } = await worktrees.prepare('1', 'Title');
  await worktrees.remove('1');
  await run(repository, 'worktree', 'add', '--quiet', join(root, 'mine'), branch);
  await expect(worktrees.prepare('1', 'Title')).rejects.toMatchObject({ code: 'branch-taken' });
});

test('files that lie where the worktree belongs are not touched', async () => {
  const { worktrees, repository, directory } = await localWorktrees();
  await mkdir(join(directory, '1'));
  await writeFile(join(directory, '1', 'mine'), '');
  await expect(worktrees.prepare('1', 'Title')).rejects.toMatchObject({ code: 'path-taken' });
  await run(repository, 'worktree', 'add', '--quiet', join(directory, '2'));
  await expect(worktrees.prepare('2', 'Title')).rejects.toMatchObject({ code: 'path-taken' });
});

test("the repository's hooks are not run, and its config gets no identity", async () => {
  const { worktrees, repository } = await localWorktrees();
  const hook = join(repository, '.git', 'hooks', 'post-checkout');
  await writeFile(hook, '#!/bin/sh\ntouch hook-was-here\n', { mode: 0o755 });
  const { path } = await worktrees.prepare('1', 'Title');
  expect(await run(path, 'status', '--porcelain')).toBe('');
  await expect(run(repository, 'config', '--local', 'user.name')).rejects.toThrow();
});

test('a base is fetched: the default branch of the remote as it is now', async () => {
  const { repository, directory, pushed } = await clonedRepository();
  await run(repository, 'checkout', '--quiet', '-b', 'my-own-thing');
  const worktrees = await openWorktrees({ repository, directory });
  const newest = await pushed('newer.txt');
  const prepared = await worktrees.prepare('1', 'Title');
  expect(prepared).toMatchObject({ base: 'origin/trunk', created: true });
  expect(prepared).not.toHaveProperty('fetchProblem');
  expect(await worktrees.head('1')).toBe(newest);
  // A plain `git push` in the worktree must not reach the mainline.
  await expect(run(prepared.path, 'rev-parse', '--abbrev-ref', '@{upstream}')).rejects.toThrow('no upstream');
});

test('a remote out of reach stops nobody', async () => {
  const { repository, directory, origin, pushed, first } = await clonedRepository();
  await pushed('newer.txt');
  await rename(origin, `${origin}.away`);
  const worktrees = await openWorktrees({ repository, directory });
  const prepared = await worktrees.prepare('1', 'Title');
  expect(prepared).toMatchObject({ base: 'origin/trunk', created: true });
  expect(prepared.fetchProblem).toContain('does not appear to be a git repository');
  expect(await worktrees.head('1')).toBe(first);
});

test('another base branch, at the remote or here', async () => {
  const { repository, directory, root } = await clonedRepository();
  await run(repository, 'push', '--quiet', 'origin', 'HEAD:release');
  const remote = await openWorktrees({ repository, directory, baseBranch: 'release' });
  expect(await remote.prepare('1', 'Title')).toMatchObject({ base: 'origin/release' });
  await run(repository, 'branch', 'only-here');
  const local = await openWorktrees({ repository, directory, baseBranch: 'only-here' });
  expect(await local.prepare('2', 'Title')).toMatchObject({ base: 'only-here' });
  const none = await openWorktrees({ repository, directory: join(root, 'other'), baseBranch: 'missing' });
  await expect(none.prepare('3', 'Title')).rejects.toMatchObject({ code: 'base-missing' });
});

test('an empty remote and a HEAD on no branch fall back on what is here', async () => {
  const { repository, directory, root, first } = await localRepository();
  await run(root, 'init', '--quiet', '--bare', join(root, 'empty.git'));
  await run(repository, 'remote', 'add', 'origin', join(root, 'empty.git'));
  const worktrees = await openWorktrees({ repository, directory });
  expect(await worktrees.prepare('1', 'Title')).toMatchObject({ base: 'trunk' });
  await run(repository, 'checkout', '--quiet', '--detach');
  expect(await worktrees.prepare('2', 'Title')).toMatchObject({ base: first });
});

test('what is no place for worktrees says so', async () => {
  const { repository, root } = await localRepository();
  const folder = await temporaryFolder();
  const directory = join(root, 'elsewhere');
  await expect(openWorktrees({ repository: folder, directory })).rejects.toMatchObject({
    code: 'not-a-repository',
  });
  await expect(openWorktrees({ repository: join(folder, 'none'), directory })).rejects.toMatchObject({
    code: 'not-a-repository',
  });
  await expect(openWorktrees({ repository, directory: join(repository, 'inside') })).rejects.toMatchObject({
    code: 'directory-inside-repository',
  });
  await symlink(repository, join(root, 'link'));
  await expect(openWorktrees({ repository, directory: join(root, 'link', 'inside') })).rejects.toMatchObject({
    code: 'directory-inside-repository',
  });

  await run(root, 'init', '--quiet', join(root, 'empty'));
  await expect(openWorktrees({ repository: join(root, 'empty'), directory })).rejects.toMatchObject({
    code: 'no-commits',
  });
});

test.each(['', '..', '../x', 'a/b', 'a b', 'a.lock', '--force '])('%j is no task id', async (taskId) => {
  const { worktrees } = await localWorktrees();
  await expect(worktrees.prepare(taskId, 'Title')).rejects.toMatchObject({ code: 'invalid-task-id' });
  await expect(worktrees.remove(taskId)).rejects.toMatchObject({ code: 'invalid-task-id' });
});
