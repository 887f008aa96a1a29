import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { owned, ownerless } from '../../src/orphans/belonging.ts';
import { findOrphanWorktrees } from '../../src/orphans/orphan-worktrees.ts';
import type { Worktrees } from '../../src/worktrees/worktrees.ts';
import { commit, localWorktrees, run } from '../worktrees/repositories.ts';
import { cleanAll, orphansIn } from './left-behind.ts';

/** Only these tasks go on. */
const find = async (worktrees: Worktrees, ...open: string[]) => {
  const needs = (task: string) => (open.includes(task) ? owned : ownerless(`task ${task} is done`));
  return findOrphanWorktrees({ worktrees, needs }, await worktrees.inventory());
};

test('the worktree of a task that is over goes, with its branch if that is merged', async () => {
  const { worktrees, repository } = await localWorktrees();
  const over = await worktrees.prepare('1', 'Over');
  const open = await worktrees.prepare('2', 'Open');
  const found = await find(worktrees, '2');
  expect(orphansIn(found)).toEqual([
    { kind: 'worktree', id: over.path, why: 'task 1 is done', remedy: 'removed' },
  ]);
  expect(await cleanAll(found)).toEqual([]);
  expect(existsSync(over.path)).toBe(false);
  expect(existsSync(open.path)).toBe(true);
  const branches = await run(repository, 'branch', '--format=%(refname:short)');
  expect(branches.split('\n')).toEqual([open.branch, 'trunk']);
});

test('commits that are in no other branch stay on theirs, which is named', async () => {
  const { worktrees, repository } = await localWorktrees();
  const { path, branch } = await worktrees.prepare('1', 'Over');
  const hash = await commit(path, 'work.txt');
  expect(await cleanAll(await find(worktrees))).toEqual([]);
  expect(existsSync(path)).toBe(false);
  const found = await find(worktrees);
  expect(orphansIn(found)).toEqual([
    {
      kind: 'branch',
      id: branch,
      why: 'task 1 is done; its commits are not in trunk',
      remedy: 'kept',
      advice: `merge it into trunk, or discard it with \`git branch -D '${branch}'\``,
    },
  ]);
  expect(found[0]?.clean).toBeUndefined();
  expect(await run(repository, 'rev-parse', branch)).toBe(hash);
});

test('a merged branch without a worktree goes', async () => {
  const { worktrees, repository } = await localWorktrees();
  const { path, branch } = await worktrees.prepare('1', 'Over');
  await commit(path, 'work.txt');
  await worktrees.remove('1');
  await run(repository, 'merge', '--quiet', '--no-ff', '-m', 'merge', branch);
  const found = await find(worktrees);
  expect(orphansIn(found)).toMatchObject([{ kind: 'branch', id: branch, remedy: 'removed' }]);
  expect(await find(worktrees, '1')).toEqual([]);
  expect(await cleanAll(found)).toEqual([]);
  expect(await run(repository, 'branch', '--list', branch)).toBe('');
});

test('uncommitted changes are kept and named with what a person can do', async () => {
  const { worktrees } = await localWorktrees();
  const { path } = await worktrees.prepare('1', 'Over');
  await writeFile(join(path, 'unfinished'), 'work');
  const [found] = await find(worktrees);
  expect(found?.orphan).toEqual({
    kind: 'worktree',
    id: path,
    why: 'task 1 is done; it has changes nobody has committed: unfinished',
    remedy: 'kept',
    advice: expect.stringContaining(`git -C '${path}' status`),
  });
  expect(found?.clean).toBeUndefined();
});

test('changes that come between looking and cleaning are kept too', async () => {
  const { worktrees } = await localWorktrees();
  const { path } = await worktrees.prepare('1', 'Over');
  const found = await find(worktrees);
  await writeFile(join(path, 'unfinished'), 'work');
  expect(await cleanAll(found)).toEqual([{ why: expect.stringContaining('uncommitted changes') }]);
  expect(existsSync(join(path, 'unfinished'))).toBe(true);
});

test('commits on no branch are kept and named', async () => {
  const { worktrees } = await localWorktrees();
  const { path } = await worktrees.prepare('1', 'Over');
  await run(path, 'checkout', '--quiet', '--detach');
  const hash = await commit(path, 'work.txt');
  const [found] = await find(worktrees);
  expect(found?.orphan).toMatchObject({ remedy: 'kept', advice: expect.stringContaining(hash) });
});

test('one whose folder is gone is forgotten', async () => {
  const { worktrees, repository } = await localWorktrees();
  const { path } = await worktrees.prepare('1', 'Over');
  await rm(path, { recursive: true });
  expect(await cleanAll(await find(worktrees))).toEqual([]);
  expect(await run(repository, 'worktree', 'list')).not.toContain(path);
});

test('a task that is opened again meanwhile keeps its worktree', async () => {
  const { worktrees } = await localWorktrees();
  const { path } = await worktrees.prepare('1', 'Over');
  let isOpen = false;
  const needs = () => (isOpen ? owned : ownerless('task 1 is done'));
  const found = await findOrphanWorktrees({ worktrees, needs }, await worktrees.inventory());
  isOpen = true;
  expect(await cleanAll(found)).toEqual([{ why: 'task 1 needs it again' }]);
  expect(existsSync(path)).toBe(true);
});

test("a person's worktrees and branches are foreign, wherever they lie and whatever they are called", async () => {
  const { worktrees, repository, directory, root } = await localWorktrees();
  await worktrees.prepare('1', 'Ours');
  const elsewhere = join(root, 'elsewhere');
  const among = join(directory, '2');
  await run(repository, 'worktree', 'add', '--quiet', '-b', 'mine', elsewhere);
  await run(repository, 'worktree', 'add', '--quiet', '-b', 'orchestra/2-mine', among);
  await run(repository, 'branch', 'orchestra/3-mine');
  expect(await find(worktrees, '1')).toEqual([]);
  // Our branch in a person's hands: they have checked it out.
  const { branch } = await worktrees.prepare('4', 'Lent');
  await worktrees.remove('4');
  await run(repository, 'worktree', 'add', '--quiet', join(root, 'lent'), branch);
  expect(await find(worktrees, '1')).toEqual([]);
});

test('what git does not know among the worktrees is named', async () => {
  const { worktrees, directory } = await localWorktrees();
  await mkdir(join(directory, 'notes'));
  expect(orphansIn(await find(worktrees))).toMatchObject([
    { kind: 'worktree', id: join(directory, 'notes'), remedy: 'kept' },
  ]);
});
