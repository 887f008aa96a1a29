import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, expect, test, vi } from 'vitest';
import { readProcess } from '../../src/processes/process-table.ts';
import { agentGitEnvironment } from '../../src/worktrees/agent-git-environment.ts';
import { git, tryGit } from '../../src/worktrees/git.ts';
import { oneAtATime } from '../../src/worktrees/one-at-a-time.ts';
import { parseWorktreeList } from '../../src/worktrees/worktree-list.ts';
import { commit, localRepository, run, temporaryFolder } from './repositories.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

test('git that is missing says so', async () => {
  const folder = await temporaryFolder();
  vi.stubEnv('PATH', folder);
  await expect(git(folder, ['version'])).rejects.toMatchObject({ code: 'git-missing' });
});

test('git that does not answer is ended', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'git'), '#!/bin/sh\nexec tail -f /dev/null\n');
  await chmod(join(folder, 'git'), 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  await expect(git(folder, ['version'], { timeout: 200 })).rejects.toMatchObject({ code: 'timeout' });
});

test('a lock that another git holds for a moment is waited for', async () => {
  const { repository, root } = await localRepository();
  const lock = join(repository, '.git', 'config.lock');
  await writeFile(lock, '');
  // A git that takes the lock away after its first try, as the other git would.
  const { stdout: real } = await execa('which', ['git']);
  await writeFile(join(root, 'git'), `#!/bin/sh\n'${real}' "$@"\ncode=$?\nrm -f '${lock}'\nexit $code\n`, {
    mode: 0o755,
  });
  vi.stubEnv('PATH', `${root}:${process.env['PATH']}`);
  await git(repository, ['config', '--local', 'some.key', 'value']);
  expect(await run(repository, 'config', 'some.key')).toBe('value');
});

test("a failure is told in git's own words, in English", async () => {
  const folder = await temporaryFolder();
  vi.stubEnv('LANGUAGE', 'de');
  await expect(git(folder, ['rev-parse', 'HEAD'])).rejects.toMatchObject({
    code: 'git-failed',
    message: expect.stringContaining('not a git repository'),
  });
  expect(await tryGit(folder, ['rev-parse', 'HEAD'])).toMatchObject({ exitCode: 128, stdout: '' });
});

test('a git hook that started us does not make us work on its repository', async () => {
  const { repository, first } = await localRepository();
  const other = await localRepository();
  await commit(other.repository, 'other.txt');
  vi.stubEnv('GIT_DIR', join(other.repository, '.git'));
  vi.stubEnv('GIT_WORK_TREE', other.repository);
  vi.stubEnv('GIT_INDEX_FILE', join(other.repository, '.git', 'index'));
  expect((await git(repository, ['rev-parse', 'HEAD'])).trim()).toBe(first);
});

test('no program that the repository names is run', async () => {
  const { repository } = await localRepository();
  const monitor = join(repository, '..', 'monitor');
  await writeFile(monitor, '#!/bin/sh\ntouch "$(dirname "$0")/monitor-ran"\n', { mode: 0o755 });
  // Git gives this one to a shell.
  await run(repository, 'config', 'core.fsmonitor', `'${monitor}'`);
  await git(repository, ['status']);
  await expect(git(join(repository, '..'), ['hash-object', 'monitor-ran'])).rejects.toThrow('No such file');
});

test("commits in an agent's environment are by the agent", async () => {
  const { repository } = await localRepository();
  expect(agentGitEnvironment('kaede')).toEqual({
    GIT_AUTHOR_NAME: 'kaede',
    GIT_AUTHOR_EMAIL: 'kaede@orchestra.localhost',
    GIT_COMMITTER_NAME: 'kaede',
    GIT_COMMITTER_EMAIL: 'kaede@orchestra.localhost',
  });
  await git(repository, ['commit', '--quiet', '--allow-empty', '-m', 'x'], {
    env: { ...agentGitEnvironment('sakura') },
  });
  expect(await run(repository, 'log', '-1', '--format=%an <%ae> %cn <%ce>')).toBe(
    'sakura <sakura@orchestra.localhost> sakura <sakura@orchestra.localhost>',
  );
});

test('operations take turns, and a failing one does not stop the next', async () => {
  const inTurn = oneAtATime();
  const log: string[] = [];
  const operation = (name: string) => async () => {
    log.push(`${name} begins`);
    await Promise.resolve();
    log.push(`${name} ends`);
    if (name === 'b') throw new Error('b failed');
    return name;
  };
  const results = await Promise.allSettled(['a', 'b', 'c'].map((name) => inTurn(operation(name))));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('the list of worktrees is read as git prints it', () => {
  const output = [
    ['worktree /re po', 'bare'],
    ['worktree /w/a\nb', 'HEAD 0123', 'branch refs/heads/orchestra/1-x', 'locked'],
    ['worktree /w/2', 'HEAD 4567', 'detached', 'locked in use', 'prunable gone'],
  ];
  expect(parseWorktreeList(output.map((lines) => `${lines.join('\0')}\0\0`).join(''))).toEqual([
    { path: '/re po', locked: false },
    { path: '/w/a\nb', head: '0123', branch: 'orchestra/1-x', locked: true },
    { path: '/w/2', head: '4567', locked: true, lockReason: 'in use' },
  ]);
});

/** A `git` that writes down its process group, and a child that outlives it unless the whole group is ended. */
async function hangingGit() {
  const folder = await temporaryFolder();
  const script = `ps -o pgid= -p $$ > '${folder}/group'\nsleep 1000 &\necho $! > '${folder}/child'\nwait\n`;
  await writeFile(join(folder, 'git'), `#!/bin/sh\n${script}`, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  const read = async (file: string) => Number(await readFile(join(folder, file), 'utf8'));
  /** When both are written down. */
  const begun = () => vi.waitUntil(() => read('child').catch(() => 0), patience);
  return { folder, begun, group: () => read('group') };
}

/** On a loaded machine a program takes seconds to begin, or to go. */
const patience = { timeout: 30_000 };

const isGone = (pid: number) => vi.waitUntil(async () => (await readProcess(pid))?.defunct ?? true, patience);

test('git runs in a process group of its own, which is ended as a whole when it takes too long', async () => {
  const { folder, group, begun } = await hangingGit();
  // So that it takes too long when it has begun, however long that may take.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const hour = 3_600_000;
  const ended = expect(git(folder, ['version'], { timeout: hour })).rejects.toMatchObject({
    code: 'timeout',
  });
  const pid = await begun();
  vi.advanceTimersByTime(hour);
  vi.useRealTimers();
  await ended;
  const { stdout } = await execa('ps', ['-o', 'pgid=', '-p', String(process.pid)]);
  expect(await group()).not.toBe(Number(stdout));
  await isGone(pid);
});

test('at the end what runs is ended, and nothing more is begun', async () => {
  vi.resetModules();
  const own = await import('../../src/worktrees/git.ts');
  const { folder, begun } = await hangingGit();
  const running = own.git(folder, ['version']).catch((error: unknown) => error);
  const pid = await begun();
  const { endGit } = await import('../../src/worktrees/git-processes.ts');
  await endGit(0);
  expect(await running).toMatchObject({ code: 'git-failed' });
  await isGone(pid);
  await expect(own.git(folder, ['version'])).rejects.toMatchObject({ code: 'git-failed' });
});
