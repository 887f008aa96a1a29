import { existsSync } from 'node:fs';
import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { findStaleGitLocks } from '../../src/orphans/stale-git-locks.ts';
import { readCommand } from '../../src/processes/process-table.ts';
import { until } from '../tmux/until.ts';
import { commit, localWorktrees, run } from '../worktrees/repositories.ts';
import { cleanAll, orphansIn } from './left-behind.ts';

/** A lock as git leaves it that is killed, made so many seconds ago. */
async function leaveLock(path: string, name: string, secondsAgo: number): Promise<string> {
  const file = join(await run(path, 'rev-parse', '--absolute-git-dir'), name);
  await writeFile(file, '');
  const then = Date.now() / 1000 - secondsAgo;
  await utimes(file, then, then);
  return file;
}

/** Somebody whose working folder is in the worktree. */
function workIn(cwd: string): void {
  const person = execa('sleep', ['1000'], { cwd, reject: false });
  onTestFinished(() => void person.kill('SIGKILL'));
}

test.skipIf(process.platform !== 'linux')(
  'a lock whose owner is gone is removed, and commits work again',
  async () => {
    const { worktrees } = await localWorktrees();
    const { path } = await worktrees.prepare('1', 'Title');
    const file = await leaveLock(path, 'index.lock', 100);
    // The successor has come after it.
    workIn(path);
    await expect(commit(path, 'work.txt')).rejects.toThrow('index.lock');
    const found = await findStaleGitLocks(await worktrees.inventory());
    expect(orphansIn(found)).toEqual([
      { kind: 'git-lock', id: file, why: `a lock that git has left in ${path}`, remedy: 'removed' },
    ]);
    expect(await cleanAll(found)).toEqual([]);
    await commit(path, 'work.txt');
  },
);

test('a lock that somebody who is there may hold is left alone', async () => {
  const { worktrees } = await localWorktrees();
  const { path } = await worktrees.prepare('1', 'Title');
  workIn(path);
  await leaveLock(path, 'index.lock', 0);
  expect(await findStaleGitLocks(await worktrees.inventory())).toEqual([]);
});

test.skipIf(process.platform !== 'linux')(
  'a git at work holds its lock, whatever the clock says',
  async () => {
    const { worktrees } = await localWorktrees();
    const { path } = await worktrees.prepare('1', 'Title');
    const git = execa('git', ['cat-file', '--batch'], { cwd: path, reject: false });
    onTestFinished(() => void git.kill('SIGKILL'));
    // execa returns before the kernel has given it its name.
    await until(async () => (await readCommand(git.pid ?? 0))?.program === 'git');
    const file = await leaveLock(path, 'index.lock', 1_000);
    expect(await findStaleGitLocks(await worktrees.inventory())).toEqual([]);
    await leaveLock(path, 'index.lock', 7_200);
    expect(orphansIn(await findStaleGitLocks(await worktrees.inventory()))).toMatchObject([
      { id: file, remedy: 'kept', advice: expect.stringContaining('rm ') },
    ]);
    git.kill('SIGKILL');
    await git;
    const found = await findStaleGitLocks(await worktrees.inventory());
    expect(orphansIn(found)).toMatchObject([{ id: file, remedy: 'removed' }]);
  },
);

test.skipIf(process.platform !== 'linux')('a lock that was made anew meanwhile is another one', async () => {
  const { worktrees } = await localWorktrees();
  const { path } = await worktrees.prepare('1', 'Title');
  const file = await leaveLock(path, 'index.lock', 100);
  const found = await findStaleGitLocks(await worktrees.inventory());
  await leaveLock(path, 'index.lock', 0);
  expect(await cleanAll(found)).toEqual([{ why: 'somebody works there' }]);
  expect(existsSync(file)).toBe(true);
});

test("the repository's own locks and people's worktrees are never touched", async () => {
  const { worktrees, repository, root } = await localWorktrees();
  const person = join(root, 'person');
  await run(repository, 'worktree', 'add', '--quiet', '-b', 'mine', person);
  await leaveLock(person, 'index.lock', 10_000);
  await leaveLock(repository, 'index.lock', 10_000);
  await leaveLock(repository, 'packed-refs.lock', 100);
  expect(await findStaleGitLocks(await worktrees.inventory())).toEqual([]);
  const file = await leaveLock(repository, 'config.lock', 10_000);
  const found = await findStaleGitLocks(await worktrees.inventory());
  expect(orphansIn(found)).toMatchObject([{ kind: 'git-lock', id: file, remedy: 'kept' }]);
  expect(found[0]?.clean).toBeUndefined();
});
