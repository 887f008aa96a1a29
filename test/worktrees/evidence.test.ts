import { mkdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openWorktrees } from '../../src/worktrees/open-worktrees.ts';
import { clonedRepository, commit, localWorktrees, run } from './repositories.ts';

test('the fingerprint changes with whatever an agent does, and with nothing else', async () => {
  const { worktrees } = await localWorktrees();
  const { path } = await worktrees.prepare('1', 'Title');
  await commit(path, '.gitignore', 'ignored\n');
  const file = (name: string) => join(path, name);
  const then = new Date('2026-01-01T00:00:00Z');
  const steps: [string, () => Promise<unknown>][] = [
    ['a new file', () => writeFile(file('new file'), 'a')],
    ['the same file touched', () => utimes(file('new file'), then, then)],
    ['the same file written again', () => writeFile(file('new file'), 'b')],
    ['a file in a new folder', () => mkdir(file('folder')).then(() => writeFile(file('folder/日本'), 'a'))],
    ['another one beside it', () => writeFile(file('folder/b'), 'a')],
    ['a tracked file edited', () => writeFile(file('README.md'), 'edited\n')],
    ['and edited once more', () => writeFile(file('README.md'), 'EDITED\n')],
    ['staged', () => run(path, 'add', '--all')],
    ['edited after staging', () => writeFile(file('README.md'), 'third!\n')],
    ['committed', () => run(path, 'commit', '--quiet', '--all', '-m', 'x')],
    ['a tracked file moved', () => rename(file('README.md'), file('read me'))],
    ['a tracked file deleted', () => rm(file('folder/b'))],
    ['another branch', () => run(path, 'checkout', '--quiet', '-b', 'detour')],
    ['an empty commit', () => run(path, 'commit', '--quiet', '--allow-empty', '-m', 'x')],
  ];
  let last = await worktrees.fingerprint('1');
  for (const [name, step] of steps) {
    await step();
    const next = await worktrees.fingerprint('1');
    expect(next, name).not.toBe(last);
    expect(await worktrees.fingerprint('1'), name).toBe(next);
    last = next;
  }
  await writeFile(file('ignored'), 'cache');
  expect(await worktrees.fingerprint('1')).toBe(last);
});

test("looking takes no lock, so it never gets in the way of an agent's commit", async () => {
  const { worktrees, repository } = await localWorktrees();
  const { path } = await worktrees.prepare('1', 'Title');
  const index = join(repository, '.git', 'worktrees', '1', 'index');
  const before = await stat(index);
  // The same content at another time: a look that may take locks writes that into the index.
  await utimes(join(path, 'README.md'), new Date('2026-01-01'), new Date('2026-01-01'));
  await worktrees.fingerprint('1');
  await worktrees.changes('1');
  expect((await stat(index)).ino).toBe(before.ino);
  await writeFile(`${index}.lock`, '');
  await writeFile(join(path, 'README.md'), 'edited\n');
  expect(await worktrees.fingerprint('1')).toMatch(/^[\w-]{43}$/);
  expect((await worktrees.changes('1')).dirty).toBe(true);
});

test('changes counts from where the branch left its base', async () => {
  const { worktrees, repository } = await localWorktrees();
  const { path } = await worktrees.prepare('1', 'Title');
  expect(await worktrees.changes('1')).toEqual({ commits: 0, files: [], dirty: false });
  await commit(path, 'one.txt');
  await commit(path, 'folder/日本 "語".txt');
  await commit(repository, 'meanwhile.txt');
  expect(await worktrees.changes('1')).toEqual({
    commits: 2,
    files: ['folder/日本 "語".txt', 'one.txt'],
    dirty: false,
  });
  await writeFile(join(path, 'untracked\nname'), '');
  await writeFile(join(path, 'README.md'), 'edited\n');
  expect(await worktrees.changes('1')).toEqual({
    commits: 2,
    files: ['README.md', 'folder/日本 "語".txt', 'one.txt', 'untracked\nname'],
    dirty: true,
  });
});

test('the base stays the one the branch started from, wherever the checkout goes', async () => {
  const { worktrees, repository } = await localWorktrees();
  const { path } = await worktrees.prepare('1', 'Title');
  await commit(path, 'one.txt');
  await run(repository, 'checkout', '--quiet', '--orphan', 'something-else');
  await commit(repository, 'other.txt');
  expect(await worktrees.changes('1')).toMatchObject({ commits: 1, files: ['one.txt'] });
  await run(repository, 'branch', '--delete', '--force', 'trunk');
  await expect(worktrees.changes('1')).rejects.toMatchObject({ code: 'base-missing' });
});

test('a branch is merged when its base has its changes: merged, or picked', async () => {
  const { worktrees, repository } = await localWorktrees();
  const merged = await worktrees.prepare('1', 'Title');
  const picked = await worktrees.prepare('2', 'Title');
  expect(await worktrees.isMerged('1')).toBe(true);
  await commit(merged.path, 'one.txt');
  const hash = await commit(picked.path, 'two.txt');
  expect([await worktrees.isMerged('1'), await worktrees.isMerged('2')]).toEqual([false, false]);
  await run(repository, 'merge', '--quiet', '--no-ff', '--no-edit', merged.branch);
  await run(repository, 'cherry-pick', hash);
  expect([await worktrees.isMerged('1'), await worktrees.isMerged('2')]).toEqual([true, true]);
});

test('a merge at the remote is seen, after the worktree is gone as well', async () => {
  const { repository, directory, origin } = await clonedRepository();
  const worktrees = await openWorktrees({ repository, directory });
  const { path } = await worktrees.prepare('1', 'Title');
  await commit(path, 'one.txt');
  const somebody = join(directory, '..', 'somebody');
  await run(directory, 'clone', '--quiet', origin, somebody);
  await run(path, 'push', '--quiet', 'origin', 'HEAD');
  await run(somebody, 'pull', '--quiet', '--no-edit', 'origin', 'orchestra/1-title');
  await run(somebody, 'push', '--quiet', 'origin', 'HEAD:trunk');
  await worktrees.remove('1');
  expect(await worktrees.isMerged('1')).toBe(true);
});

test('a task that was never prepared has nothing to look at', async () => {
  const { worktrees } = await localWorktrees();
  for (const look of [worktrees.head, worktrees.changes, worktrees.fingerprint, worktrees.isMerged]) {
    await expect(look('9')).rejects.toMatchObject({ name: 'WorktreeError', code: 'worktree-missing' });
  }
});
