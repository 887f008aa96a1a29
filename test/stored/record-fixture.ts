/**
 * Records what one version of the program stores, as a fixture for all later ones: `node dist/test/stored/record-fixture.js
 * [checkout]` lets the built program of that checkout (default: this one) work on a small project, kills it in the middle,
 * and packs issues, repository and store into `test/fixtures/stored/<version>.tar.gz`.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { connectBus } from '../../src/bus/connect-bus.ts';
import { packageRoot } from '../../src/package/package-root.ts';
import { readDaemonFile } from '../../src/state-folder/daemon-file.ts';
import { stateFolder } from '../../src/state-folder/state-folder.ts';
import { waitUntil } from '../daemon/wait-until.ts';
import { storedProject } from './stored-project.ts';

const checkout = resolve(process.argv[2] ?? packageRoot);
const command = join(checkout, 'dist/src/cli/main.js');
const { version } = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8')) as { version: string };
const file = join(packageRoot, 'test/fixtures/stored', `${version}.tar.gz`);

const folder = await mkdtemp(join(tmpdir(), 'orch-'));
const state = stateFolder(join(folder, 'state'));
const expected = Object.fromEntries(Object.entries(storedProject.states).sort());
const cli = (...args: string[]) => execa(process.execPath, [command, ...args], { cwd: folder });
const git = (...args: string[]) => execa('git', ['-C', join(folder, 'repository'), ...args]);

try {
  await createProject();
  await runAndKill();
  await pack();
  process.stdout.write(`${file}\n`);
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

async function createProject(): Promise<void> {
  const { agents, issues, config } = storedProject;
  await mkdir(join(folder, 'issues'));
  for (const [name, issue] of Object.entries(issues))
    await writeFile(join(folder, 'issues', `${name}.md`), `---\n${stringify(issue)}---\nDo it.\n`);
  const all = { ...config, agents, state: 'state', repository: 'repository' };
  await writeFile(join(folder, 'orchestra.yaml'), stringify(all));
  await execa('git', ['init', '-q', '-b', 'main', join(folder, 'repository')]);
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@localhost', '-c', 'commit.gpgSign=false'];
  await git(...identity, 'commit', '-q', '--allow-empty', '-m', 'begin');
}

/** Ends with SIGKILL, so that a claim is stored whose agent lives no more. */
async function runAndKill(): Promise<void> {
  const daemon = execa(process.execPath, [command, 'up', '--plain'], { cwd: folder, reject: false });
  try {
    const { natsUrl, operatorKey } = await waitUntil('the daemon', () => readDaemonFile(state.daemonFile));
    await waitUntil('the quarantine', async () => (await availability('sakura')) === 'quarantined');
    await cli('send', 'sakura', storedProject.unhandled);
    await cli('send', 'kaede', storedProject.handled);
    const seed = (await readFile(operatorKey, 'utf8')).trim();
    const bus = await connectBus({ url: natsUrl, seed, name: 'fixture' });
    await bus.publish('orchestra.agent.kaede.inbox', storedProject.malformed);
    await bus.close();
    await waitUntil('the message and the dead letter', async () => {
      const { stdout } = await cli('events', '--json');
      return stdout.includes('agent.message.delivered') && stdout.includes('agent.message.rejected');
    });
    let seen: unknown;
    const haveArrived = async () => {
      seen = await states();
      return JSON.stringify(seen) === JSON.stringify(expected);
    };
    await waitUntil('the tasks', haveArrived, () => seen);
  } finally {
    daemon.kill('SIGKILL');
    await daemon;
    await execa('tmux', ['-S', state.tmuxSocket, 'kill-server'], { reject: false });
  }
}

async function states(): Promise<Record<string, string>> {
  const tasks = JSON.parse((await cli('tasks', '--json')).stdout) as { id: string; state: string }[];
  return Object.fromEntries(tasks.map(({ id, state: is }) => [id, is]).sort());
}

async function availability(agent: string): Promise<string | undefined> {
  const { stdout, exitCode } = await execa(process.execPath, [command, 'agents', '--json'], {
    cwd: folder,
    reject: false,
  });
  if (exitCode !== 0) return undefined;
  const agents = JSON.parse(stdout) as { name: string; availability: string }[];
  return agents.find(({ name }) => name === agent)?.availability;
}

/** Without keys, logs and worktrees, whose paths would be wrong elsewhere. */
async function pack(): Promise<void> {
  await rm(state.worktrees, { recursive: true, force: true });
  for (const unneeded of ['hooks', 'worktrees'])
    await rm(join(folder, 'repository/.git', unneeded), { recursive: true, force: true });
  await mkdir(join(packageRoot, 'test/fixtures/stored'), { recursive: true });
  const kept = ['orchestra.yaml', 'issues', 'repository', 'state/nats/jetstream'];
  await execa('tar', ['-czf', file, '--owner=0', '--group=0', '-C', folder, ...kept]);
}
