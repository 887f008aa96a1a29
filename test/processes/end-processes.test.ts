import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { readCpuTime } from '../../src/processes/cpu-time.ts';
import { descendantsIn, findDescendants } from '../../src/processes/descendants.ts';
import { endMarkedProcesses } from '../../src/processes/end-marked-processes.ts';
import { endProcesses } from '../../src/processes/end-processes.ts';
import { findMarkedProcesses } from '../../src/processes/marked-processes.ts';
import type { ProcessEntry } from '../../src/processes/process-entry.ts';
import { processStartTime } from '../../src/processes/process-start-time.ts';
import { isRunning, listProcesses, readProcess } from '../../src/processes/process-table.ts';
import { until } from '../tmux/until.ts';

const mark = 'PROCESSES_TEST';
let marks = 0;

/** A value of the mark for one test; what still carries it when the test is over is ended. */
function newMark(): string {
  marks += 1;
  const value = `${process.pid}-${marks}`;
  onTestFinished(async () => void (await endMarkedProcesses(mark, value, { graceMs: 0 })));
  return value;
}

/** Starts a shell script that says `ready` when it is where the test wants it. */
async function startScript(
  script: string,
  value = newMark(),
): Promise<{ child: ChildProcess; entry: ProcessEntry }> {
  const child = spawn('/bin/sh', ['-c', script], {
    env: { PATH: process.env['PATH'], [mark]: value },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout ?? child, 'data');
  const entry = await readProcess(child.pid ?? 0);
  if (entry === undefined) throw new Error('The script has ended.');
  return { child, entry };
}

test('a process that listens to SIGTERM ends by it', async () => {
  const { child, entry } = await startScript('trap "exit 5" TERM; echo ready; while :; do sleep 0.01; done');
  const exited = once(child, 'exit');
  expect(await endProcesses([entry], { graceMs: 60_000 })).toEqual([]);
  expect(await exited).toEqual([5, null]);
});

test('a process that ignores SIGTERM is killed', async () => {
  const { child, entry } = await startScript('trap "" TERM; echo ready; while :; do sleep 0.01; done');
  const exited = once(child, 'exit');
  expect(await endProcesses([entry], { graceMs: 20 })).toEqual([]);
  expect(await exited).toEqual([null, 'SIGKILL']);
});

test('a stopped process is woken to hear SIGTERM', async () => {
  const { child, entry } = await startScript('trap "exit 5" TERM; echo ready; while :; do sleep 0.01; done');
  const exited = once(child, 'exit');
  child.kill('SIGSTOP');
  expect(await endProcesses([entry], { graceMs: 60_000 })).toEqual([]);
  expect(await exited).toEqual([5, null]);
});

test('another process that got the same pid is left alone', async () => {
  const { entry } = await startScript('echo ready; exec sleep 1000');
  const earlier = { pid: entry.pid, startTime: entry.startTime - 1 };
  expect(await isRunning(earlier)).toBe(false);
  expect(await endProcesses([earlier], { graceMs: 0 })).toEqual([]);
  expect(await isRunning(entry)).toBe(true);
});

test('a process that has ended and was not reaped runs no more', async () => {
  const { entry } = await startScript(`
    sh -c 'until [ "$(cat /proc/$PPID/comm)" = sleep ]; do :; done' &
    echo ready; exec sleep 1000`);
  const { pid } = await until(async () => {
    return (await listProcesses()).find(({ parent, defunct }) => parent === entry.pid && defunct);
  });
  expect(await processStartTime(pid)).toBeUndefined();
  expect(await findDescendants([entry.pid])).toEqual([]);
});

test('everything with a mark is ended: in sessions of its own, orphaned, or with another environment', async () => {
  const value = newMark();
  const script = `
    setsid sh -c 'trap "" HUP TERM; sh -c "sleep 1000 & sleep 1000"' &
    (setsid sleep 1000 &)
    env -i /bin/sh -c 'sleep 1000; true' &
    until [ "$(pgrep -c -g 0 sleep)" -ge 1 ]; do :; done
    echo ready; sleep 1000; true`;
  await startScript(script, value);
  // pgrep counts the other worker's processes, too.
  await until(async () => (await findMarkedProcesses(mark, value)).length >= 4);
  const { found, survivors } = await endMarkedProcesses(mark, value, { graceMs: 50 });
  expect(found.length).toBeGreaterThanOrEqual(4);
  expect(survivors).toEqual([]);
  expect(await findMarkedProcesses(mark, value)).toEqual([]);
  expect(await Promise.all(found.map(isRunning))).not.toContain(true);
});

test('a process that forks all the time is ended with all its children', async () => {
  const value = newMark();
  await startScript('trap "" TERM; echo ready; while :; do setsid sleep 1000 & sleep 0.002; done', value);
  const { survivors } = await endMarkedProcesses(mark, value, { graceMs: 30 });
  expect(survivors).toEqual([]);
  expect(await findMarkedProcesses(mark, value)).toEqual([]);
});

test('a mark is found whole or not at all', async () => {
  const value = newMark();
  const { entry } = await startScript('echo ready; exec sleep 1000', value);
  expect((await findMarkedProcesses(mark, value)).map(({ pid }) => pid)).toEqual([entry.pid]);
  expect(await findMarkedProcesses(mark, value.slice(0, -1))).toEqual([]);
  expect(await findMarkedProcesses(mark.slice(1), value)).toEqual([]);
  expect(await endMarkedProcesses(mark, `${value}0`, { graceMs: 0 })).toEqual({ found: [], survivors: [] });
});

test('our own process is never found', async () => {
  const [name, value] = Object.entries(process.env).find(([key]) => key === 'PATH') ?? ['', ''];
  const found = await findMarkedProcesses(name, value ?? '');
  expect(found.map(({ pid }) => pid)).not.toContain(process.pid);
});

test('processor time grows with work and counts nothing for those that ended', async () => {
  const { child, entry } = await startScript('echo ready; while :; do :; done');
  const before = await readCpuTime([entry.pid]);
  while ((await readCpuTime([entry.pid])) - before < 50);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await readCpuTime([entry.pid])).toBe(0);
});

test('descendants are found parents first, each once, defunct ones passed over', () => {
  const entry = (pid: number, parent: number, defunct = false): ProcessEntry => {
    return { pid, parent, session: 0, defunct, startTime: 0, cpuMs: 0 };
  };
  const table = [entry(4, 3), entry(3, 2, true), entry(2, 1), entry(5, 1), entry(9, 8), entry(1, 0)];
  expect(descendantsIn(table, [1]).map(({ pid }) => pid)).toEqual([2, 5, 4]);
  expect(descendantsIn(table, [1, 2]).map(({ pid }) => pid)).toEqual([5, 4]);
});
