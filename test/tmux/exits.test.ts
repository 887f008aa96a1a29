import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findDescendants } from '../../src/processes/descendants.ts';
import { endMarkedProcesses } from '../../src/processes/end-marked-processes.ts';
import { endProcesses } from '../../src/processes/end-processes.ts';
import { findMarkedProcesses } from '../../src/processes/marked-processes.ts';
import { readProcess } from '../../src/processes/process-table.ts';
import type { RunExit } from '../../src/tmux/run-ledger.ts';
import { runMark } from '../../src/tmux/tmux.ts';
import { exitOf, fixture, killedHost, newRunId, openServer, startRun, vanishOf } from './open-server.ts';
import { fileText, until } from './until.ts';

/** The program that a host runs, as soon as it is that program and no shell any more. */
async function programOf(host: number, name: string): Promise<number> {
  return until(async () => {
    const [child] = await findDescendants([host]);
    if (child === undefined) return undefined;
    const command = await readFile(`/proc/${child.pid}/comm`, 'utf8').catch(() => '');
    return command.trim() === name && child.pid;
  });
}

test.for([0, 3, 128])('a program that exits with %i is seen to', async (status) => {
  const { tmux } = await openServer();
  const { runId, pane } = await startRun(tmux, ['sh', '-c', `exit ${status}`]);
  expect(await exitOf(tmux, runId)).toEqual({ runId, pane, status, noticedBy: expect.any(String) });
});

test('a program that is killed is seen by its host, with the signal', async () => {
  const { tmux } = await openServer();
  const { runId, pane, pid } = await startRun(tmux, ['sleep', '1000']);
  process.kill(await programOf(pid, 'sleep'), 'SIGKILL');
  expect(await exitOf(tmux, runId)).toEqual({ runId, pane, signal: 'SIGKILL', noticedBy: 'host' });
});

test('a host that is killed is seen by tmux, with the signal', async () => {
  const { tmux } = await openServer();
  const { runId, pane, pid } = await startRun(tmux, ['sleep', '1000']);
  await programOf(pid, 'sleep');
  process.kill(pid, 'SIGKILL');
  const exit = await exitOf(tmux, runId);
  expect(exit).toMatchObject({
    pane,
    ...killedHost(tmux),
    noticedBy: expect.stringMatching(/hook|poll|notification/),
  });
  await endMarkedProcesses(runMark, runId, { graceMs: 0 });
});

test('of many that are killed, by turns program and host, every end is announced once', async () => {
  const { tmux } = await openServer();
  const exits: RunExit[] = [];
  tmux.onExit((exit) => exits.push(exit));
  const pane = await tmux.createWindow({ name: 'test', options: {} });
  const runIds = Array.from({ length: 40 }, newRunId);
  for (const [index, runId] of runIds.entries()) {
    const { pid } = await tmux.run(pane, { runId, argv: ['sleep', '1000'], cwd: '/', environment: {} });
    const program = await programOf(pid, 'sleep');
    process.kill(index % 2 === 0 ? program : pid, 'SIGKILL');
    await until(async () => exits.some((exit) => exit.runId === runId));
  }
  expect(exits.map(({ runId }) => runId)).toEqual(runIds);
  const { signal: ofHost } = killedHost(tmux);
  expect(exits.map(({ signal }) => signal)).toEqual(
    runIds.map((_, index) => (index % 2 === 0 ? 'SIGKILL' : ofHost)),
  );
});

test('many hosts killed at the same moment are all announced', async () => {
  const { tmux } = await openServer();
  const runs = await Promise.all(Array.from({ length: 20 }, () => startRun(tmux, ['sleep', '1000'])));
  for (const { pid } of runs) process.kill(pid, 'SIGKILL');
  const exits = await Promise.all(runs.map(({ runId }) => exitOf(tmux, runId)));
  expect(exits.map(({ pane }) => pane)).toEqual(runs.map(({ pane }) => pane));
});

test('who listens only after the program has ended still hears of it, and once', async () => {
  const { tmux } = await openServer();
  const { runId } = await startRun(tmux, ['true']);
  await exitOf(tmux, runId);
  expect(await exitOf(tmux, runId)).toMatchObject({ runId, status: 0 });
});

test('a program that is not there ends with 127, a folder that is not there with 126', async () => {
  const { tmux } = await openServer();
  const { runId } = await startRun(tmux, ['/nonexistent/program']);
  expect(await exitOf(tmux, runId)).toMatchObject({ status: 127 });
  const pane = await tmux.createWindow({ name: 'test', options: {} });
  const lost = newRunId();
  await tmux.run(pane, { runId: lost, argv: ['true'], cwd: '/nonexistent', environment: {} });
  expect(await exitOf(tmux, lost)).toMatchObject({ status: 126 });
});

test('a pane given to another run announces the first as replaced', async () => {
  const { tmux } = await openServer();
  const { runId, pane } = await startRun(tmux, ['sleep', '1000']);
  const next = newRunId();
  await tmux.run(pane, { runId: next, argv: ['sh', '-c', 'exit 5'], cwd: '/', environment: {} });
  expect(await exitOf(tmux, next)).toMatchObject({ status: 5 });
  await expect(
    tmux.run(pane, { runId: 'no id', argv: ['true'], cwd: '/', environment: {} }),
  ).rejects.toMatchObject({
    code: 'command-failed',
  });
  expect(runId).not.toBe(next);
});

test('a window that is killed ends its run and is seen to vanish', async () => {
  const { tmux } = await openServer();
  const { runId, pane } = await startRun(tmux, ['sleep', '1000']);
  const vanished = vanishOf(tmux, pane);
  await tmux.command('kill-window', '-t', pane);
  await vanished;
  expect(await exitOf(tmux, runId)).toMatchObject({ pane });
  await expect(
    tmux.run(pane, { runId: newRunId(), argv: ['true'], cwd: '/', environment: {} }),
  ).rejects.toMatchObject({
    code: 'no-pane',
  });
  await vanishOf(tmux, pane);
});

test('a tool in a session of its own outlives its agent and is found by its mark', async () => {
  const { tmux, folder } = await openServer();
  const { runId, pid } = await startRun(tmux, [fixture('leave-orphan.sh'), join(folder, 'ready')]);
  await fileText(join(folder, 'ready'));
  await endProcesses(await findDescendants([pid]).then((found) => found.slice(0, 1)), { graceMs: 0 });
  expect(await exitOf(tmux, runId)).toMatchObject({ signal: 'SIGKILL' });
  const left = await findMarkedProcesses(runMark, runId);
  expect(left.length).toBeGreaterThan(0);
  const { survivors } = await endMarkedProcesses(runMark, runId, { graceMs: 200 });
  expect(survivors).toEqual([]);
  expect(await findMarkedProcesses(runMark, runId)).toEqual([]);
});

test('Ctrl-C reaches the program and leaves its host alone', async () => {
  const { tmux, folder } = await openServer();
  const output = join(folder, 'interrupts');
  const { runId, pane, pid } = await startRun(tmux, [
    process.execPath,
    fixture('count-interrupts.mjs'),
    output,
  ]);
  await fileText(output, (text) => text === 'ready\n');
  await tmux.sendKeys(pane, ['C-c']);
  await fileText(output, (text) => text === 'ready\ninterrupt\n');
  expect(await readProcess(pid)).toMatchObject({ defunct: false });
  await tmux.sendKeys(pane, ['C-c']);
  expect(await exitOf(tmux, runId)).toMatchObject({ status: 7 });
});
