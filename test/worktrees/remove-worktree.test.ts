import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commit, localWorktrees, run } from './repositories.ts';

const branches = (repository: string) =>
  run(repository, 'branch', '--list', '--format=%(refname:short)', 'orchestra/*');

test('a clean worktree goes, its branch stays, and nothing is left to remove', async () => {
  const { worktrees, repository } = await localWorktrees();
  const { path, branch } = await worktrees.prepare('1', 'Title');
  await commit(path, 'work.txt');
  expect(await worktrees.remove('1')).toBe('removed');
  await expect(access(path)).rejects.toThrow();
  expect(await branches(repository)).toBe(branch);
  expect(await worktrees.list()).toEqual([]);
  expect(await worktrees.remove('1')).toBe('absent');
});

test('uncommitted work is only lost by force', async () => {
  const { worktrees } = await localWorktrees();
  const { path } = await worktrees.prepare('1', 'Title');
  await writeFile(join(path, 'unfinished'), 'work');
  await expect(worktrees.remove('1')).rejects.toMatchObject({ code: 'dirty' });
  expect(await worktrees.list()).toMatchObject([{ taskId: '1', locked: true }]);
  expect(await worktrees.remove('1', { force: true })).toBe('removed');
  expect(await worktrees.list()).toEqual([]);
});

test('commits that are nowhere else are only lost by force', async () => {
  const { worktrees, repository } = await localWorktrees();
  const { path } = await worktrees.prepare('1', 'Title');
  await commit(path, 'work.txt');
  await expect(worktrees.remove('1', { deleteBranch: true })).rejects.toMatchObject({ code: 'unmerged' });
  await access(path);
  expect(await worktrees.remove('1', { deleteBranch: true, force: true })).toBe('removed');
  expect(await branches(repository)).toBe('');
  // Nothing of the task is left in the config either: it may begin again.
  expect(await run(repository, 'config', '--local', '--list')).not.toContain('orchestra');
  expect(await worktrees.prepare('1', 'Title')).toMatchObject({ created: true });
});

test('a merged branch goes with its worktree, or after it', async () => {
  const { worktrees, repository } = await localWorktrees();
  for (const [taskId, together] of [
    ['1', true],
    ['2', false],
  ] as const) {
    const { path, branch } = await worktrees.prepare(taskId, 'Title');
    await commit(path, `work-${taskId}.txt`);
    await run(repository, 'merge', '--quiet', '--no-edit', branch);
    if (!together) await worktrees.remove(taskId);
    expect(await worktrees.remove(taskId, { deleteBranch: true })).toBe(together ? 'removed' : 'absent');
    expect(await branches(repository)).toBe('');
  }
});

test('force also removes what git no longer recognizes', async () => {
  const { worktrees } = await localWorktrees();
  const { path } = await worktrees.prepare('1', 'Title');
  await writeFile(join(path, '.git'), 'gitdir: /nowhere\n');
  expect(await worktrees.remove('1', { force: true })).toBe('removed');
  await expect(access(path)).rejects.toThrow();
  expect(await worktrees.list()).toEqual([]);
});

test('leftovers are the worktrees that no task knows', async () => {
  const { worktrees, repository, root } = await localWorktrees();
  await worktrees.prepare('1', 'Title');
  await worktrees.prepare('2', 'Title');
  await run(repository, 'worktree', 'add', '--quiet', join(root, 'mine'));
  expect((await worktrees.leftovers(['2', '3'])).map(({ taskId }) => taskId)).toEqual(['1']);
});
