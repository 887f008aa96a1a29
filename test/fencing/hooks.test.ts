/** The hooks of an agent's git: asked before a push, and all of the repository's own hooks as if ours were not there. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { hookNames, hookScript } from '../../src/fencing/hook-script.ts';
import { agentGitEnvironment } from '../../src/worktrees/agent-git-environment.ts';
import { git as daemonGit } from '../../src/worktrees/git.ts';
import { clonedRepository, commit } from '../worktrees/repositories.ts';

/** A clone, and git in it as an agent runs it whose question about a push is answered by `mayPush`. */
async function agentsClone(mayPush: string) {
  const places = await clonedRepository();
  const folder = join(places.root, "the agents' hooks");
  await mkdir(folder);
  const script = hookScript({ folder, mayPush: ['sh', '-c', mayPush] });
  for (const name of hookNames) await writeFile(join(folder, name), script, { mode: 0o700 });
  const env = {
    ...agentGitEnvironment('kaede'),
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'core.abbrev',
    GIT_CONFIG_VALUE_0: '11',
    GIT_CONFIG_KEY_1: 'core.hooksPath',
    GIT_CONFIG_VALUE_1: folder,
  };
  const git = (...args: string[]) =>
    execa('git', args, { cwd: places.repository, env, reject: false, all: true });
  return { ...places, folder, env, git };
}

/** A hook of the repository's own that notes its arguments and input. */
const noting = (file: string) =>
  `#!/bin/sh\n{ echo "\${0##*/} $*"; case "\${0##*/}" in pre-push) cat ;; esac; } >> '${file}'\n`;

test('a push begins only when it may, and the reason is shown', async () => {
  const { git, origin, repository } = await agentsClone('echo "orchestra: no" >&2; exit 1');
  await commit(repository, 'a.txt');
  const refused = await git('push', 'origin', 'HEAD:refs/heads/x');
  expect(refused.exitCode).not.toBe(0);
  expect(refused.all).toContain('orchestra: no');
  expect((await execa('git', ['-C', origin, 'branch', '--list', 'x'])).stdout).toBe('');
  const fetched = await git('fetch', 'origin');
  expect(fetched.exitCode).toBe(0);
});

test("the repository's own hooks get what git gives them", async () => {
  const { git, repository, root } = await agentsClone('exit 0');
  const notes = join(root, 'notes');
  for (const name of ['pre-commit', 'commit-msg', 'post-commit', 'pre-push', 'post-checkout'])
    await writeFile(join(repository, '.git/hooks', name), noting(notes), { mode: 0o700 });
  // Not executable: git leaves it out.
  await writeFile(join(repository, '.git/hooks/prepare-commit-msg'), noting(notes), { mode: 0o600 });
  await writeFile(join(repository, 'a.txt'), 'a');
  await git('add', '-A');
  expect((await git('commit', '-qm', 'a')).exitCode).toBe(0);
  expect((await git('push', '-q', 'origin', 'HEAD:refs/heads/x')).all).toBe('');
  await git('checkout', '-q', '-b', 'y');
  const head = (await git('rev-parse', 'HEAD')).stdout;
  const said = await readFile(notes, 'utf8');
  expect(said).toMatch(
    new RegExp(
      `^pre-commit \ncommit-msg \\.git/COMMIT_EDITMSG\npost-commit \npre-push origin .*origin\\.git\nHEAD ${head} refs/heads/x 0{40}\npost-checkout ${head} ${head} 1\n$`,
    ),
  );
});

test('a hook of the repository can refuse as before, also where its config names another folder', async () => {
  const { git, repository, origin } = await agentsClone('exit 0');
  await mkdir(join(repository, '.husky'));
  const refusing = (word: string) => `#!/bin/sh\necho "${word} says no"; exit 1\n`;
  await writeFile(join(repository, '.husky/pre-commit'), refusing('husky'), { mode: 0o700 });
  await writeFile(join(repository, '.git/hooks/pre-commit'), refusing('nobody'), { mode: 0o700 });
  await execa('git', ['-C', repository, 'config', 'core.hooksPath', '.husky']);
  const commit = await git('commit', '-qm', 'a', '--allow-empty');
  expect(commit).toMatchObject({ exitCode: 1, all: 'husky says no' });
  await execa('git', ['-C', repository, 'config', '--unset', 'core.hooksPath']);
  // A server's own hooks are its own: they do not see the agent's environment.
  await writeFile(join(origin, 'hooks/pre-receive'), refusing('origin'), { mode: 0o700 });
  const pushed = await git('push', 'origin', 'HEAD:refs/heads/x');
  expect(pushed.all).toContain('remote: origin says no');
});

test('a push that a hook of the repository makes is asked for as well', async () => {
  const { git, repository, root } = await agentsClone(`echo asked >> "$ASKED"; exit 0`);
  const asked = join(root, 'asked');
  process.env['ASKED'] = asked;
  const again = '#!/bin/sh\n[ -n "$AGAIN" ] || AGAIN=1 git push -q origin HEAD:refs/heads/again\n';
  await writeFile(join(repository, '.git/hooks/pre-push'), again, { mode: 0o700 });
  const pushed = await git('push', 'origin', 'HEAD:refs/heads/x');
  delete process.env['ASKED'];
  expect(pushed.exitCode).toBe(0);
  expect(await readFile(asked, 'utf8')).toBe('asked\nasked\n');
});

test("the agent's other configuration by environment holds in hooks too", async () => {
  const { git, repository, root } = await agentsClone('exit 0');
  const seen = join(root, 'seen');
  const look = `#!/bin/sh\ngit config core.abbrev > '${seen}'\n`;
  await writeFile(join(repository, '.git/hooks/pre-commit'), look, { mode: 0o700 });
  await git('commit', '-qm', 'a', '--allow-empty');
  expect(await readFile(seen, 'utf8')).toBe('11\n');
});

test('our own git runs no hook, whatever its environment says', async () => {
  const { repository, env, root } = await agentsClone('exit 1');
  const notes = join(root, 'notes');
  await writeFile(join(repository, '.git/hooks/pre-commit'), noting(notes), { mode: 0o700 });
  const args = ['commit', '--quiet', '--allow-empty', '-m', 'ours'];
  await daemonGit(repository, args, { env });
  await daemonGit(repository, ['push', '--quiet', 'origin', 'HEAD:refs/heads/ours'], { env });
  await expect(readFile(notes)).rejects.toThrow('ENOENT');
});
