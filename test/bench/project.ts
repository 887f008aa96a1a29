/** A project for one daemon of our own: repository, bare origin, issue folder and config in one temporary folder. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { type StateFolder, stateFolder } from '../../src/state-folder/state-folder.ts';
import type { Announcements } from './announcements.ts';

export interface Project {
  /** Everything lies in here, and the path is known to nobody else: whatever names it belongs to this project. */
  readonly root: string;
  readonly configFile: string;
  readonly repository: string;
  readonly origin: string;
  readonly issues: string;
  readonly state: StateFolder;
  remove(): Promise<void>;
}

/** Makes the project; `config` is what a user would write, without the places. */
export async function createProject(config: Readonly<Record<string, unknown>>): Promise<Project> {
  // Short, for the path of tmux's socket below it must fit into 103 bytes.
  const root = await mkdtemp(join(tmpdir(), 'ob-'));
  const project: Project = {
    root,
    configFile: join(root, 'orchestra.yaml'),
    repository: join(root, 'repository'),
    origin: join(root, 'origin.git'),
    issues: join(root, 'issues'),
    state: stateFolder(join(root, 'state')),
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 10 }),
  };
  await mkdir(project.issues);
  await createRepository(project);
  await writeFile(
    project.configFile,
    stringify({ repository: 'repository', tracker: { kind: 'local', folder: 'issues' }, ...config }),
  );
  return project;
}

/** Git without the user's own configuration; its output without the last line break. */
export async function git(directory: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', args, {
    cwd: directory,
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
    maxBuffer: 256 * 1024 ** 2,
  });
  return stdout.trimEnd();
}

async function createRepository({ root, repository, origin }: Project): Promise<void> {
  const init = ['init', '--quiet', '--template=', '--initial-branch=main'];
  await git(root, ...init, '--bare', origin);
  await git(root, ...init, repository);
  await writeFile(join(repository, 'README.md'), '# Work to be done\n');
  await git(repository, 'add', '--all');
  const identity = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.invalid'];
  await git(repository, ...identity, 'commit', '--quiet', '--message', 'Begin');
  await git(repository, 'remote', 'add', 'origin', origin);
  await git(repository, 'push', '--quiet', '--set-upstream', 'origin', 'main');
  await git(repository, 'remote', 'set-head', 'origin', 'main');
}

/** One agent whose program is kept, says that it lives and waits; restarted as often as it is killed. */
export function createKeptProject({ argv }: Announcements): Promise<Project> {
  const program = { adapter: 'command', mode: 'kept', ready: 'immediately', accept: 'none', command: argv };
  return createProject({
    agents: { kaede: { roles: ['codegen'], ...program } },
    flow: ['codegen'],
    restart: { intensity: 100_000, period: 1 },
  });
}
