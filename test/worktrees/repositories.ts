/** Real repositories for the tests, in a folder that is gone afterwards. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { agentGitEnvironment } from '../../src/worktrees/agent-git-environment.ts';
import { openWorktrees } from '../../src/worktrees/open-worktrees.ts';

/** A folder of its own. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'orchestra worktrees-')));
  // Git may still be tidying up in the background.
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}

/** Git as an agent runs it: its output without the last line break. */
export async function run(directory: string, ...args: string[]): Promise<string> {
  const { stdout } = await execa('git', args, { cwd: directory, env: { ...agentGitEnvironment('kaede') } });
  return stdout;
}

/** Writes a file and commits everything. */
export async function commit(directory: string, path: string, text = `${path}\n`): Promise<string> {
  await mkdir(dirname(join(directory, path)), { recursive: true });
  await writeFile(join(directory, path), text);
  await run(directory, 'add', '--all');
  await run(directory, 'commit', '--quiet', '-m', `Write ${path}`);
  return await run(directory, 'rev-parse', 'HEAD');
}

/** A repository with one commit on `trunk`, and a place for worktrees beside it. */
export async function localRepository() {
  const root = await temporaryFolder();
  const repository = join(root, 'the repository');
  await run(root, 'init', '--quiet', '--initial-branch=trunk', repository);
  const first = await commit(repository, 'README.md');
  const directory = join(root, 'work trees');
  return { root, repository, directory, first };
}

/** The same, cloned from a bare `origin.git` whose default branch is `trunk`. */
export async function clonedRepository() {
  const local = await localRepository();
  const origin = join(local.root, 'origin.git');
  const repository = join(local.root, 'clone');
  await run(local.root, 'clone', '--quiet', '--bare', local.repository, origin);
  await run(local.root, 'clone', '--quiet', origin, repository);
  /** Somebody else's push. */
  const pushed = async (path: string): Promise<string> => {
    const hash = await commit(local.repository, path);
    await run(local.repository, 'push', '--quiet', origin, 'HEAD');
    return hash;
  };
  return { ...local, repository, origin, pushed };
}

/** Worktrees of a local repository. */
export async function localWorktrees() {
  const places = await localRepository();
  return { ...places, worktrees: await openWorktrees(places) };
}
