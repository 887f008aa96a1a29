import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { endProcesses } from '../../src/processes/end-processes.ts';
import { processStartTime } from '../../src/processes/process-start-time.ts';
import { readProcess } from '../../src/processes/process-table.ts';
import { openTmux } from '../../src/tmux/open-tmux.ts';
import {
  exitOf,
  fixture,
  killedHost,
  newRunId,
  openServer,
  startRun,
  temporaryFolder,
} from './open-server.ts';
import { fileText, until } from './until.ts';

const run = promisify(execFile);

test('a server that is killed is lost, and what is asked of it then fails', async () => {
  const { tmux } = await openServer();
  process.kill(tmux.serverPid, 'SIGKILL');
  expect(await tmux.lost).toMatchObject({ name: 'TmuxError', code: 'lost' });
  await expect(tmux.listPanes()).rejects.toMatchObject({ code: 'lost' });
});

test('a server that is ended by a person is lost', async () => {
  const { tmux, options } = await openServer();
  await run('tmux', ['-S', options.socket, 'kill-server']);
  expect(await tmux.lost).toMatchObject({ code: 'lost' });
});

test('a control client that dies is replaced once; the panes do not notice', async () => {
  const { tmux } = await openServer();
  const { pane, runId } = await startRun(tmux, ['sh', '-c', 'read line; exit 4']);
  const first = await controlClient();
  process.kill(first, 'SIGKILL');
  // The server may still answer what the dead client has passed on.
  const second = await until(async () => {
    const pid = await controlClient().catch(() => first);
    return pid > 0 && pid !== first && pid;
  });
  expect(await tmux.listPanes()).toContainEqual(expect.objectContaining({ pane, dead: false }));
  await tmux.pressEnter(pane);
  expect(await exitOf(tmux, runId)).toMatchObject({ status: 4 });
  process.kill(second, 'SIGKILL');
  expect(await tmux.lost).toMatchObject({ code: 'lost' });
  expect(await readProcess(tmux.serverPid)).toMatchObject({ defunct: false });

  async function controlClient(): Promise<number> {
    const pids = await tmux.command('list-clients', '-F', '#{client_pid}');
    return Number(pids.at(-1));
  }
});

test('a session that a person closes comes back with its overview', async () => {
  const { tmux, options } = await openServer();
  await run('tmux', ['-S', options.socket, 'kill-session', '-t', 'orchestra']);
  const names = await until(async () => {
    const panes = await tmux.listPanes().catch(() => []);
    return panes.length > 0 && panes.map(({ windowName }) => windowName);
  });
  expect(names).toEqual(['overview']);
});

test('a later daemon finds the server, its panes and their runs, and hears what ended meanwhile', async () => {
  const { tmux, options } = await openServer();
  const lasting = await startRun(tmux, ['sh', '-c', 'read line; exit 6']);
  const ended = await startRun(tmux, ['sleep', '1000']);
  await tmux.setOption(lasting.pane, '@agent', 'カエデ "x"');
  await tmux.disconnect();
  process.kill(ended.pid, 'SIGKILL');

  const later = await openTmux(options);
  onTestFinished(() => later.disconnect());
  expect(later.serverPid).toBe(tmux.serverPid);
  expect(await later.findPane('@agent', 'カエデ "x"')).toBe(lasting.pane);
  expect(await exitOf(later, ended.runId)).toMatchObject({ pane: ended.pane, ...killedHost(later) });
  await later.pressEnter(lasting.pane);
  expect(await exitOf(later, lasting.runId)).toMatchObject({ status: 6 });
  expect((await later.listPanes()).filter(({ windowName }) => windowName === 'overview')).toHaveLength(1);
});

test('a server that a systemd unit has started is used, without the environment it brings', async () => {
  const folder = await temporaryFolder();
  const socket = join(folder, 's');
  const unit = execFile('tmux', ['-D', '-S', socket, '-f', '/dev/null'], {
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', SECRET: 'a\nb=c', CREDENTIALS_DIRECTORY: '/x' },
  });
  // The socket is there before the server listens at it.
  await until(() =>
    run('tmux', ['-N', '-S', socket, 'show-options', '-s']).then(
      () => true,
      () => false,
    ),
  );
  const { tmux } = await openServer({ socket });
  expect(tmux.serverPid).toBe(unit.pid);
  const output = join(folder, 'environment');
  await startRun(tmux, [fixture('print-environment.sh'), output]);
  const names = (await fileText(output)).split('\0').map((variable) => variable.split('=')[0]);
  expect(names).not.toContain('SECRET');
  expect(names).not.toContain('CREDENTIALS_DIRECTORY');
  expect(await tmux.command('show-options', '-g', '-v', 'remain-on-exit')).toEqual(['on']);
});

test('two servers on two sockets know nothing of each other', async () => {
  const [first, second] = await Promise.all([openServer(), openServer()]);
  expect(first.tmux.serverPid).not.toBe(second.tmux.serverPid);
  const { pane, runId } = await startRun(first.tmux, ['sleep', '1000']);
  expect((await second.tmux.listPanes()).map((each) => each.pane)).not.toContain(pane);
  await first.tmux.shutDown();
  expect(await readProcess(second.tmux.serverPid)).toMatchObject({ defunct: false });
  const other = await startRun(second.tmux, ['sh', '-c', 'exit 2']);
  expect(await exitOf(second.tmux, other.runId)).toMatchObject({ status: 2 });
  expect(runId).not.toBe(other.runId);
});

test('shutting down leaves neither server nor socket, even when the server is stuck', async () => {
  const { tmux, folder } = await openServer();
  const server = await readProcess(tmux.serverPid);
  process.kill(tmux.serverPid, 'SIGSTOP');
  await tmux.shutDown();
  expect(await endProcesses(server === undefined ? [] : [server], { graceMs: 0, killMs: 0 })).toEqual([]);
  expect(await readdir(folder)).not.toContain('s');
});

test('a server that is stuck is lost, and the next daemon replaces it', { timeout: 120_000 }, async () => {
  const { tmux, options } = await openServer({ patienceMs: 4_000 });
  process.kill(tmux.serverPid, 'SIGSTOP');
  expect(await tmux.lost).toMatchObject({ code: 'lost' });
  const later = await openTmux(options);
  onTestFinished(() => later.shutDown());
  expect(later.serverPid).not.toBe(tmux.serverPid);
  expect(await processStartTime(tmux.serverPid)).toBeUndefined();
});

test('a server whose socket was deleted is found again', async () => {
  const { tmux, options } = await openServer();
  await tmux.disconnect();
  await rm(options.socket);
  const later = await openTmux(options);
  onTestFinished(() => later.disconnect());
  expect(later.serverPid).toBe(tmux.serverPid);
});

test('200 windows are made and listed', async () => {
  const { tmux } = await openServer();
  const names = Array.from({ length: 200 }, (_, index) => String(index));
  const panes = await Promise.all(names.map((name) => tmux.createWindow({ name, options: { '@n': name } })));
  const listed = new Map((await tmux.listPanes(['@n'])).map(({ pane, options }) => [pane, options['@n']]));
  expect(panes.map((pane) => listed.get(pane))).toEqual(names);
});

test('without tmux, or with a folder open to all, or a path too long, it says so', async () => {
  const folder = await temporaryFolder();
  const options = {
    socket: join(folder, 's'),
    runDirectory: join(folder, 'run'),
    environment: { PATH: '/bin' },
  };
  await expect(openTmux({ ...options, binary: '/nonexistent/tmux' })).rejects.toMatchObject({
    code: 'missing',
  });
  const old = fixture('old-tmux.sh');
  await expect(openTmux({ ...options, binary: old })).rejects.toMatchObject({ code: 'too-old' });
  await expect(openTmux({ ...options, socket: join(folder, 'x'.repeat(100)) })).rejects.toMatchObject({
    code: 'start-failed',
  });
  await mkdir(join(folder, 'open'));
  await chmod(join(folder, 'open'), 0o755);
  await expect(openTmux({ ...options, socket: join(folder, 'open', 's') })).rejects.toMatchObject({
    code: 'start-failed',
  });
});

test('what tmux refuses is an error with its words', async () => {
  const { tmux } = await openServer();
  await expect(tmux.command('set-option', '-g', 'nonsense', 'x')).rejects.toMatchObject({
    code: 'command-failed',
    message: 'tmux: invalid option: nonsense',
  });
  await expect(tmux.command('no-such-command')).rejects.toMatchObject({ code: 'command-failed' });
  await expect(tmux.capture('%999')).rejects.toMatchObject({ code: 'no-pane' });
  expect(await tmux.command('display-message', '-p', 'still here')).toEqual(['still here']);
});

test('a run gets its own environment and what it is given, and nothing else', async () => {
  process.env['FOREIGN_SECRET'] = 'leaked';
  onTestFinished(() => void delete process.env['FOREIGN_SECRET']);
  const { tmux, folder } = await openServer({ environment: { TMUX: '/elsewhere,1,0', TMUX_PANE: '%7' } });
  const cwd = join(folder, "we ird'#{pid} 作業");
  await mkdir(cwd);
  const output = join(folder, 'environment');
  const value = 'with space, "quotes", $HOME, `x`, #{pid};\n日本語';
  const pane = await tmux.createWindow({ name: 'w', options: {} });
  const argv = [fixture('print-environment.sh'), output];
  const runId = newRunId();
  await tmux.run(pane, { runId, argv, cwd, environment: { GIVEN: value, run: 'not the host’s' } });
  const variables = (await fileText(output)).split('\0').filter((variable) => variable !== '');
  const environment = new Map(
    variables.map((variable) => [variable.replace(/=.*/s, ''), variable.replace(/^.*?=/s, '')]),
  );
  expect(environment.get('GIVEN')).toBe(value);
  expect(environment.get('run')).toBe('not the host’s');
  expect(environment.get('ORCHESTRA_RUN')).toBe(runId);
  expect(environment.get('PWD')).toBe(cwd);
  expect(environment.get('TERM')).toBe('tmux-256color');
  const ours = ['GIVEN', 'HOME', 'LANG', 'ORCHESTRA_RUN', 'PATH', 'PWD', 'TMUX_TEST', 'run'];
  const ofOthers = ['COLORTERM', 'SHELL', 'SHLVL', 'TERM', 'TERM_PROGRAM', 'TERM_PROGRAM_VERSION', '_'];
  expect([...environment.keys()].filter((name) => !ofOthers.includes(name)).sort()).toEqual(ours.sort());
});

test('a program is run as it is named, never as a command of the shell', async () => {
  const { tmux } = await openServer();
  const { runId } = await startRun(tmux, ['exit', '9']);
  expect(await exitOf(tmux, runId)).toMatchObject({ status: 127 });
  const { runId: quoted } = await startRun(tmux, [
    'test',
    '$(id) "x" \'y\' ; #{pid}\n',
    '=',
    '$(id) "x" \'y\' ; #{pid}\n',
  ]);
  expect(await exitOf(tmux, quoted)).toMatchObject({ status: 0 });
});
