/** Pushing a task's branch to a real bare origin: once, never over somebody else's work, and told apart why not. */
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { openWorktrees } from '../../src/worktrees/open-worktrees.ts';
import { TaskBranches } from '../../src/worktrees/task-branches.ts';
import { clonedRepository, commit, run } from './repositories.ts';

/** A task with one commit on its branch, ready to be pushed. */
async function taskToPush() {
  const places = await clonedRepository();
  const worktrees = await openWorktrees(places);
  const { path, branch } = await worktrees.prepare('7', 'Seven');
  const first = await commit(path, 'seven.txt');
  const push = (hash: string) => worktrees.push('7', { branch, commit: hash });
  const atOrigin = async () =>
    (await execa('git', ['-C', places.origin, 'rev-parse', branch], { reject: false })).stdout;
  return { ...places, worktrees, path, branch, first, push, atOrigin };
}

test('pushed once; the second time it is seen to be there', async () => {
  const { push, first, atOrigin, branch, worktrees } = await taskToPush();
  expect(await worktrees.branch('7')).toBe(branch);
  expect(await push(first)).toBe('pushed');
  expect(await atOrigin()).toBe(first);
  expect(await push(first)).toBe('present');
});

test('only the commit that is named is pushed, whatever the branch has come to since', async () => {
  const { push, first, path, atOrigin } = await taskToPush();
  const second = await commit(path, 'later.txt');
  expect(await push(first)).toBe('pushed');
  expect(await atOrigin()).toBe(first);
  expect(await push(second)).toBe('pushed');
  // What came later stays when the earlier push is made again.
  expect(await push(first)).toBe('present');
  expect(await atOrigin()).toBe(second);
});

test('what the branch itself once was is replaced, as after a rebase', async () => {
  const { push, first, path, atOrigin } = await taskToPush();
  await push(first);
  await run(path, 'commit', '--quiet', '--amend', '-m', 'Said better');
  const amended = await run(path, 'rev-parse', 'HEAD');
  expect(await push(amended)).toBe('pushed');
  expect(await atOrigin()).toBe(amended);
});

test("somebody else's commits are never replaced, and count when they stand on ours", async () => {
  const { push, first, path, root, origin, branch, atOrigin } = await taskToPush();
  await push(first);
  const other = join(root, 'other');
  await run(root, 'clone', '--quiet', '--branch', branch, origin, other);
  const onTop = await commit(other, 'review.txt');
  await run(other, 'push', '--quiet', 'origin', 'HEAD');
  expect(await push(first)).toBe('present');
  const second = await commit(path, 'later.txt');
  await expect(push(second)).rejects.toMatchObject({ code: 'branch-foreign' });
  expect(await atOrigin()).toBe(onTop);
});

test('nothing is pushed that the base has, or whose branch is gone with its task', async () => {
  const { push, first, path, worktrees, atOrigin } = await taskToPush();
  await run(path, 'push', '--quiet', 'origin', 'HEAD:trunk');
  expect(await push(first)).toBe('merged');
  await worktrees.remove('7', { deleteBranch: true });
  expect(await worktrees.branch('7')).toBeUndefined();
  expect(await push(first)).toBe('merged');
  expect(await atOrigin()).not.toBe(first);
});

test('a remote that is away is told from one that refuses, and from a commit that is gone', async () => {
  const { push, first, origin, root, repository } = await taskToPush();
  await rename(origin, join(root, 'away'));
  await expect(push(first)).rejects.toMatchObject({ code: 'remote-away' });
  await rename(join(root, 'away'), origin);
  const refusing = '#!/bin/sh\necho "not on Sundays"; exit 1\n';
  await writeFile(join(origin, 'hooks/pre-receive'), refusing, { mode: 0o755 });
  await expect(push(first)).rejects.toMatchObject({
    code: 'remote-refused',
    message: 'origin refuses the push: [remote rejected] (pre-receive hook declined) remote: not on Sundays',
  });
  await expect(push('0123456789'.repeat(4))).rejects.toMatchObject({ code: 'commit-missing' });
  await run(repository, 'remote', 'remove', 'origin');
  await expect(push(first)).rejects.toMatchObject({ code: 'remote-away' });
});

test('whoever pushes between the look and the write keeps what was pushed', async () => {
  const { push, first, path, origin, branch, atOrigin } = await taskToPush();
  await push(first);
  const second = await commit(path, 'later.txt');
  const foreign = await run(path, 'commit-tree', '-m', 'Foreign', 'HEAD^{tree}');
  await run(path, 'push', '--quiet', 'origin', `${foreign}:refs/heads/foreign`);
  // Moves the branch as soon as the push is at the door: git's own comparison has to see it.
  const faster = `#!/bin/sh\nunset GIT_QUARANTINE_PATH; git update-ref refs/heads/${branch} ${foreign}\n`;
  await writeFile(join(origin, 'hooks/pre-receive'), faster, { mode: 0o755 });
  await expect(push(second)).rejects.toMatchObject({
    code: expect.stringMatching(/^remote-(?:away|refused)$/u),
  });
  expect(await atOrigin()).toBe(foreign);
});

test('a repository that is away loses nothing: neither the push, nor the branch, nor what is known of it', async () => {
  const { first, branch, repository, root, worktrees, atOrigin, ...places } = await taskToPush();
  const away = join(root, 'repository-away');
  await rename(repository, away);
  // One that has not read the branches yet, as after a start, and one that has.
  const fresh = new TaskBranches(repository);
  await expect(fresh.all()).rejects.toMatchObject({ code: 'git-failed' });
  await expect(worktrees.branch('unknown')).rejects.toMatchObject({ code: 'git-failed' });
  await expect(worktrees.push('unknown', { branch, commit: first })).rejects.toMatchObject({
    code: 'git-failed',
  });
  await expect(places.push(first)).rejects.toMatchObject({ code: 'git-failed' });
  await rename(away, repository);
  expect((await fresh.all()).get('7')?.branch).toBe(branch);
  expect(await places.push(first)).toBe('pushed');
  expect(await atOrigin()).toBe(first);
});
