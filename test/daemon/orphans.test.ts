/** Orphans around a running daemon: found, cleaned by rule, told, and shown by `orchestra doctor`. */
import { existsSync } from 'node:fs';
import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { markPrefix, markVariable } from '../../src/agents/agent-place.ts';
import type { Orphan } from '../../src/orphans/orphan.ts';
import { processStartTime } from '../../src/processes/process-start-time.ts';
import { startProcess } from '../orphans/left-behind.ts';
import { OrchestraProject } from './orchestra-project.ts';
import './patient.ts';
import { processesOf } from './processes-of.ts';
import { waitUntil } from './wait-until.ts';

let project: OrchestraProject;
/** A daemon that was killed, and not followed by another, has left its panes to the next one. */
let isKilled = false;
afterEach(async () => {
  if (isKilled) await endKeptPanes();
  isKilled = false;
  await project.remove();
});

const program = (name: string) => join(import.meta.dirname, '../fixtures/agents', name);
const kaede = { roles: ['codegen'], adapter: 'command', command: [program('task-worker.sh')] };
/** Keeps running, and has started something without mark, session and parent. */
const escaping = `env -i PATH="$PATH" setsid sh -c 'sleep 987654 &'; exec cat`;
const sakura = {
  roles: ['codegen'],
  adapter: 'command',
  mode: 'kept',
  accept: 'none',
  command: ['/bin/sh', '-c', escaping],
};

async function create(agents: Record<string, object>, config: object = {}): Promise<void> {
  project = await OrchestraProject.create({ agents, config });
}

async function killDaemon(): Promise<void> {
  isKilled = true;
  project.daemon.kill('SIGKILL');
  await project.daemon.ended;
}

/** Starts the next one. */
async function upAgain(): Promise<void> {
  await project.up();
  isKilled = false;
}

/** Kills the daemon and leaves these agents in the config. */
async function killAndConfigure(agents: Record<string, object>, config: object = {}): Promise<void> {
  await killDaemon();
  await project.writeConfig({
    state: 'state',
    repository: 'repository',
    agents,
    flow: ['codegen'],
    ...config,
  });
}

/** What a daemon leaves to the next one goes when there is none, by the same rules as all else. */
async function endKeptPanes(): Promise<void> {
  await execa('tmux', ['-S', project.state.tmuxSocket, 'kill-server'], { reject: false });
  await waitUntil('everything to be gone', async () => {
    await clean();
    return (await processesOf(project.folder)).length === 0;
  });
}

/** Marked like an agent's. */
const leave = (agent: string, root = project.state.root) =>
  startProcess('echo; exec sleep 1000', { [markVariable]: `${markPrefix(root)}.${agent}` });

/** Sweeps now, as a person orders it. */
async function clean(): Promise<{ orphan: Orphan; what: string; verdict: string }[]> {
  const { stdout } = await project.cli(['doctor', '--clean', '--json'], { reject: false });
  return JSON.parse(stdout).filter(({ orphan }: { orphan?: Orphan }) => orphan !== undefined);
}

async function look(): Promise<Orphan[]> {
  const { stdout } = await project.cli(['doctor', '--json'], { reject: false });
  return JSON.parse(stdout).flatMap(({ orphan }: { orphan?: Orphan }) => orphan ?? []);
}

const cleanedFacts = () => project.factsNamed('node.orphan.cleaned').map(({ body }) => body['id']);

test('what belongs to nobody when the daemon is up is cleaned by itself; what is foreign stays', async () => {
  await create({ kaede }, { sweep: { interval: '300ms' } });
  const ghost = await leave('ghost');
  const foreign = await leave('ghost', '/another/state');
  await project.up();
  await project.fact(
    'the ghost to be ended',
    ({ name, body }) => name === 'node.orphan.cleaned' && body['id'] === String(ghost.pid),
  );
  expect(await processStartTime(ghost.pid)).toBeUndefined();
  // And later on, from time to time.
  const later = await leave('ghost');
  await waitUntil('the later one to be ended', () => cleanedFacts().includes(String(later.pid)));
  expect(await processStartTime(foreign.pid)).toBeDefined();
  const pane = (await project.tmux('list-panes', '-a', '-F', '#{@orchestra_agent}')).split('\n');
  expect(pane).toContain('kaede');
});

test('panes of agents that are gone from the config are removed; people keep their windows', async () => {
  await create({ kaede, sakura: { ...kaede } });
  await project.up();
  await project.tmux('new-window', '-d', '-n', 'mine', 'sleep', '1000');
  await killAndConfigure({ kaede });
  await upAgain();
  const windows = async () =>
    (await project.tmux('list-panes', '-a', '-F', '#{window_name} #{@orchestra_agent}')).split('\n');
  await waitUntil('the pane to be removed', async () => {
    await clean();
    return !(await windows()).some((line) => line.endsWith(' sakura'));
  });
  expect((await windows()).some((line) => line.startsWith('mine'))).toBe(true);
  expect((await windows()).some((line) => line.endsWith(' kaede'))).toBe(true);
});

test('leases, worktrees and branches that nobody needs are cleaned, work that could be lost is named', async () => {
  await create({ kaede }, { shutdown: { panes: 'end' } });
  await project.writeIssue('1-work', { title: 'Work' });
  await project.up();
  await project.fact('begun', ({ name, about }) => name === 'task.accepted' && about === '1');
  const busy = await look();
  expect(busy).toEqual([]);
  // A branch of ours that was merged, one that was not, and a worktree of a task that nobody knows, with changes.
  const ours = async (task: string) => {
    const branch = `orchestra/${task}-x`;
    await project.git('branch', branch, 'main');
    await project.git('config', `branch.${branch}.orchestraBase`, 'refs/heads/main');
    await project.git('config', `branch.${branch}.orchestraTask`, task);
    return branch;
  };
  const merged = await ours('98');
  const dirty = await ours('99');
  await project.git('branch', 'orchestra/97-mine', 'main');
  const path = join(project.state.worktrees, '99');
  await project.git('worktree', 'add', '-q', path, dirty);
  await writeFile(join(path, 'unfinished'), 'work');
  const found = await clean();
  const summary = found.map(({ orphan: { kind, id, remedy }, what }) => [what, kind, id, remedy]);
  expect(summary).toEqual([
    ['cleaned', 'branch', merged, 'removed'],
    ['orphan', 'worktree', path, 'kept'],
  ]);
  const branches = (await project.git('branch', '--format=%(refname:short)')).stdout.split('\n');
  expect(branches).not.toContain(merged);
  expect(branches).toContain('orchestra/97-mine');
  expect(existsSync(join(path, 'unfinished'))).toBe(true);
  const facts = () => project.factsNamed('node.orphan.cleaned');
  await waitUntil('the fact', () => facts().some(({ body }) => body['id'] === merged));
});

test("a lock that a killed git has left in an agent's worktree does not stop its successor", async () => {
  await create({ kaede }, { sweep: { interval: '300ms' }, scheduler: { maxAttempts: 5 } });
  await project.writeIssue('1-work', { title: 'Work' });
  await project.up();
  await project.fact('begun', ({ name, about }) => name === 'task.accepted' && about === '1');
  const lock = project.path('repository/.git/worktrees/1/index.lock');
  await writeFile(lock, '');
  const before = Date.now() / 1000 - 30;
  await utimes(lock, before, before);
  await waitUntil('the lock to be removed', () => !existsSync(lock));
  await writeFile(join(project.state.agent('kaede'), 'go-1'), '');
  await project.fact('done', ({ name, about }) => name === 'task.completed' && about === '1');
});

test('a lease of an agent that is not there any more is released at once', async () => {
  await create({ kaede, sakura: { ...kaede } }, { scheduler: { lease: '1h' }, sweep: { interval: '300ms' } });
  await project.writeIssue('1-work', { title: 'Work' });
  await project.up();
  const claimed = await project.fact('claim', ({ name }) => name === 'task.accepted');
  const holder = String(claimed.body['agent']);
  const left = holder === 'kaede' ? 'sakura' : 'kaede';
  await killAndConfigure({ [left]: kaede }, { sweep: { interval: '300ms' } });
  const from = project.facts.length;
  await upAgain();
  await project.fact('release', ({ name, about }) => name === 'task.released' && about === '1', from);
  const again = await project.fact('claim', ({ name }) => name === 'task.accepted', from);
  expect(again.body['agent']).toBe(left);
});

test('doctor without a daemon: what waits for the next one is no orphan, the rest is', async () => {
  await create({ kaede, sakura }, { shutdown: { panes: 'keep' } });
  await project.up();
  const running = await waitUntil('the program to run', async () => {
    const panes = await project.tmux(
      'list-panes',
      '-a',
      '-F',
      '#{@orchestra_agent} #{pane_dead} #{pane_pid}',
    );
    return Number(/^sakura 0 (\d+)$/mu.exec(panes)?.[1] ?? 0);
  });
  const ghost = await leave('ghost');
  const foreign = await leave('ghost', '/another/state');
  await killDaemon();
  const orphans = await waitUntil('nats-server to end with its daemon', async () => {
    const found = await look();
    return !found.some(({ kind }) => kind === 'nats-server' || kind === 'tmux-client') && found;
  });
  expect(orphans).toMatchObject([{ kind: 'process', id: String(ghost.pid), remedy: 'ended' }]);
  const { stdout } = await project.cli(['doctor'], { reject: false });
  expect(stdout).toMatch(/the tmux server \d+ with sakura lives on; `orchestra up` takes it over/u);
  expect(stdout).toContain(`! orphan       process ${ghost.pid}: there is no agent ghost`);
  expect(stdout).toContain('`orchestra doctor --clean` does it');
  expect((await clean()).map(({ what, orphan: { id } }) => [what, id])).toEqual([
    ['cleaned', String(ghost.pid)],
  ]);
  expect(await processStartTime(ghost.pid)).toBeUndefined();
  expect(await processStartTime(foreign.pid)).toBeDefined();
  expect(await processStartTime(running)).toBeDefined();
  expect(existsSync(project.state.lockFile)).toBe(false);
  // Now nobody can take them over.
  await endKeptPanes();
  expect(await processesOf(project.folder)).toEqual([]);
});

test('a stopped nats-server of a daemon that was killed does not keep the next one from starting', async () => {
  await create({ kaede });
  await project.up();
  const processes = await processesOf(project.folder);
  const server = processes.find(({ command }) => command.includes('nats.conf'));
  if (!server) throw new Error('there is no nats-server');
  process.kill(server.pid, 'SIGSTOP');
  onTestFinished(() => {
    try {
      process.kill(server.pid, 'SIGKILL');
    } catch {
      // Ended by the daemon.
    }
  });
  await killDaemon();
  const from = project.facts.length;
  await upAgain();
  expect(await processStartTime(server.pid)).toBeUndefined();
  await project.fact(
    'the server to be ended',
    ({ name, body }) => name === 'node.orphan.cleaned' && body['kind'] === 'nats-server',
    from,
  );
});

test('agents do not clean up', async () => {
  await create({ kaede });
  const env = {
    ORCHESTRA_AGENT: 'kaede',
    ORCHESTRA_NATS_URL: 'nats://127.0.0.1:1',
    ORCHESTRA_NATS_KEY: '/k',
  };
  const { exitCode, stderr } = await project.cli(['doctor', '--clean'], { reject: false, env });
  expect(exitCode).toBe(64);
  expect(stderr).toContain('Only people clean up');
});
