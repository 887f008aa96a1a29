import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { markPrefix, markVariable } from '../../src/agents/agent-place.ts';
import { locateNatsServer } from '../../src/nats-server/locate.ts';
import { findOrphanNatsServers, findOrphanServers } from '../../src/orphans/orphan-servers.ts';
import { endMarkedProcesses } from '../../src/processes/end-marked-processes.ts';
import { processStartTime } from '../../src/processes/process-start-time.ts';
import { readMarks } from '../../src/processes/process-table.ts';
import type { StateFolder } from '../../src/state-folder/state-folder.ts';
import { openTmux } from '../../src/tmux/open-tmux.ts';
import { openServer, startRun } from '../tmux/open-server.ts';
import { until } from '../tmux/until.ts';
import { cleanAll, newStateFolder, orphansIn, startProcess, untilSleeping } from './left-behind.ts';

const environment = { PATH: process.env['PATH'], HOME: '/nonexistent', LANG: 'C.UTF-8' };

/** A nats-server on the folder's store, stopped like one that does not hear that its parent has died. */
async function leaveNatsServer(state: StateFolder): Promise<number> {
  const { path } = await locateNatsServer(state.root, undefined);
  const config = join(state.nats, 'nats.conf');
  await writeFile(config, 'listen: "127.0.0.1:-1"\n');
  const child = spawn(path, ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stderr, 'data');
  child.kill('SIGSTOP');
  return child.pid ?? 0;
}

/** Our tmux server on the folder's socket, as a daemon leaves it, with a program that carries its mark. */
async function leaveTmux(state: StateFolder, mark = `${markPrefix(state.root)}.kaede`) {
  const tmux = await openTmux({
    socket: state.tmuxSocket,
    runDirectory: state.tmuxRun,
    environment: { ...environment, ORPHAN_TEST: state.root },
  });
  onTestFinished(async () => {
    await tmux.disconnect();
    await endMarkedProcesses('ORPHAN_TEST', state.root, { graceMs: 0 });
  });
  const pane = await tmux.createWindow({ name: 'kaede', options: {} });
  const environmentOfRun = { [markVariable]: mark };
  const run = { runId: 'run', argv: ['sleep', '1000'], cwd: '/', environment: environmentOfRun };
  const { pid } = await tmux.run(pane, run);
  await until(async () => (await readMarks(markVariable, mark)).has(pid));
  const overview = (await tmux.findPane('@orchestra_overview', 'yes')) ?? '%999';
  const command = ['display-message', '-p', '-t', overview, '#{pane_current_command}'];
  await until(async () => (await tmux.command(...command))[0] === 'cat');
  return { tmux, host: pid };
}

const ownersOf = (state: StateFolder, more: { daemon?: number; tmuxServer?: number | 'none' } = {}) => ({
  state,
  mark: markPrefix(state.root),
  daemon: more.daemon,
  tmuxServer: () => more.tmuxServer,
});

test('a nats-server on our store whose daemon is gone is ended, also one that is stopped', async () => {
  const state = await newStateFolder();
  const pid = await leaveNatsServer(state);
  expect(await findOrphanServers(ownersOf(state, { daemon: process.pid }))).toEqual([]);
  const found = await findOrphanServers(ownersOf(state));
  expect(orphansIn(found)).toMatchObject([{ kind: 'nats-server', id: String(pid), remedy: 'ended' }]);
  expect(await cleanAll(found)).toEqual([]);
  expect(await processStartTime(pid)).toBeUndefined();
});

test('a nats-server on another store is foreign', async () => {
  const [state, elsewhere] = [await newStateFolder(), await newStateFolder()];
  const pid = await leaveNatsServer(elsewhere);
  expect(await findOrphanServers(ownersOf(state))).toEqual([]);
  expect(await findOrphanNatsServers(state)).toEqual([]);
  expect(await processStartTime(pid)).toBeDefined();
});

test('another program that is given the config of our store is nobody to be ended', async () => {
  const state = await newStateFolder();
  const config = join(state.nats, 'nats.conf');
  await startProcess(`echo; exec tail -f -c ${config} -`);
  await startProcess(`echo; exec sh -c 'sleep 1000; :' -c ${config}`);
  expect(await findOrphanNatsServers(state)).toEqual([]);
});

test('a server that is taken into use between the look and the cleaning is left', async () => {
  const state = await newStateFolder();
  const { tmux } = await leaveTmux(state);
  await tmux.disconnect();
  let inUse = 1;
  const owners = { ...ownersOf(state, { daemon: process.pid }), tmuxServer: () => inUse };
  const found = await findOrphanServers(owners);
  inUse = tmux.serverPid;
  expect(await cleanAll(found)).toEqual([{ why: 'it has an owner again' }]);
  expect(await processStartTime(tmux.serverPid)).toBeDefined();
});

test('a second tmux server that was started for our socket is ended with the agents in it', async () => {
  const state = await newStateFolder();
  const { tmux, host } = await leaveTmux(state);
  await tmux.disconnect();
  const owners = ownersOf(state, { daemon: process.pid, tmuxServer: 1 });
  expect(await findOrphanServers({ ...owners, tmuxServer: () => tmux.serverPid })).toEqual([]);
  expect(await findOrphanServers({ ...owners, tmuxServer: () => undefined })).toEqual([]);
  const found = await findOrphanServers(owners);
  expect(orphansIn(found)).toMatchObject([
    { kind: 'tmux-server', id: String(tmux.serverPid), remedy: 'ended' },
  ]);
  expect(await cleanAll(found)).toEqual([]);
  expect(await processStartTime(tmux.serverPid)).toBeUndefined();
  expect(await processStartTime(host)).toBeUndefined();
});

test('one in which a person has a window is kept and named', async () => {
  const state = await newStateFolder();
  const { tmux } = await leaveTmux(state);
  const window = ['new-window', '-d', '-P', '-F', '#{pane_pid}', '--', 'sleep', '1000'];
  const [person = ''] = await tmux.command(...window);
  await untilSleeping(Number(person));
  await tmux.disconnect();
  const [found] = await findOrphanServers(ownersOf(state, { daemon: process.pid, tmuxServer: 1 }));
  expect(found?.orphan).toMatchObject({
    kind: 'tmux-server',
    remedy: 'kept',
    advice: expect.stringContaining(`kill ${tmux.serverPid}`),
  });
  expect(found?.clean).toBeUndefined();
});

test('a foreign tmux server is left alone, also when its socket lies in our folder', async () => {
  const state = await newStateFolder();
  const socket = join(state.root, 'person');
  await execa('tmux', ['-S', socket, '-f', '/dev/null', 'new-session', '-d', 'sleep', '1000'], {
    env: environment,
    extendEnv: false,
  });
  onTestFinished(async () => void (await execa('tmux', ['-S', socket, 'kill-server'])));
  // What a person types to look at the panes is a client, but none that we have started.
  expect(await findOrphanServers(ownersOf(state, { tmuxServer: 'none' }))).toEqual([]);
  expect((await execa('tmux', ['-S', socket, 'list-sessions'])).stdout).toContain('1 windows');
});

test('a control client that its daemon has left is ended, a person who looks is not', async () => {
  const state = await newStateFolder();
  const { tmux } = await leaveTmux(state);
  // One that our own process has started is a daemon's own.
  expect(
    await findOrphanServers(ownersOf(state, { daemon: process.pid, tmuxServer: tmux.serverPid })),
  ).toEqual([]);
  const found = await findOrphanServers(ownersOf(state, { tmuxServer: tmux.serverPid }));
  expect(orphansIn(found)).toMatchObject([{ kind: 'tmux-client', remedy: 'ended' }]);
  const person = await openServer();
  await startRun(person.tmux, tmux.attachCommand(), { TERM: 'xterm-256color' });
  await until(async () => (await tmux.clientsAttached()) === 1 || undefined);
  expect(orphansIn(await findOrphanServers(ownersOf(state, { tmuxServer: tmux.serverPid })))).toHaveLength(1);
});

test('the second server is found although the first has its socket', async () => {
  const state = await newStateFolder();
  const first = await leaveTmux(state);
  await first.tmux.disconnect();
  await rename(state.tmuxSocket, `${state.tmuxSocket}.away`);
  await rename(join(state.tmuxRun, 'server'), join(state.tmuxRun, 'forgotten'));
  const second = await leaveTmux(state);
  expect(second.tmux.serverPid).not.toBe(first.tmux.serverPid);
  const owners = ownersOf(state, { daemon: process.pid, tmuxServer: second.tmux.serverPid });
  const found = await findOrphanServers(owners);
  expect(orphansIn(found).map(({ id }) => id)).toEqual([String(first.tmux.serverPid)]);
  expect(await cleanAll(found)).toEqual([]);
  expect(await processStartTime(second.host)).toBeDefined();
  expect(await processStartTime(first.host)).toBeUndefined();
  expect(await second.tmux.listPanes()).toHaveLength(2);
});
