/** Control groups of the real kernel, where this machine lets us have them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type ControlGroups, openControlGroups } from '../../src/processes/control-groups.ts';
import { endMarkedProcesses } from '../../src/processes/end-marked-processes.ts';
import { findMarkedProcesses } from '../../src/processes/marked-processes.ts';
import { processStartTime } from '../../src/processes/process-start-time.ts';
import { until } from '../tmux/until.ts';

const mark = 'CONTROL_GROUP_TEST';
let groups = 0;

async function open(options: { mode?: 'auto' | 'off'; recordFile?: string } = {}): Promise<ControlGroups> {
  groups += 1;
  const folder = await mkdtemp(join(tmpdir(), 'og-'));
  const opened = await openControlGroups({
    name: `orchestra-test-${process.pid}-${groups}`,
    recordFile: join(folder, 'record'),
    mode: 'auto',
    ...options,
  });
  onTestFinished(async () => {
    for (const name of opened.names()) opened.of(name).kill();
    await until(async () => {
      opened.close();
      return opened.names().length === 0 || undefined;
    });
    await rm(folder, { recursive: true, force: true });
  });
  return opened;
}

const probe = await openControlGroups({
  name: `orchestra-probe-${process.pid}`,
  recordFile: '/nonexistent/record',
  mode: 'auto',
  passing: true,
});
probe.close();
/** Why the tests of real groups are skipped, if they are. */
const { reason } = probe;
if (reason !== undefined) console.warn(`control groups are not tested: ${reason}`);

/** A shell that joins the group of `kaede` before it does anything, as the host in a pane does. */
function start(opened: ControlGroups, script: string, value: string): ChildProcess {
  const folder = opened.of('kaede').open() ?? '';
  const child = spawn('/bin/sh', ['-c', `echo 0 > "$1/cgroup.procs"; ${script}`, 'sh', folder], {
    env: { PATH: process.env['PATH'], [mark]: value },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Starts something that has neither our mark, nor our session, nor a parent of ours; it tells its pid. */
const escaping = `env -i PATH="$PATH" setsid sh -c 'sleep 1000 & echo $!'`;

async function saidPid(child: ChildProcess): Promise<number> {
  const [said] = await once(child.stdout ?? child, 'data');
  return Number(String(said));
}

test.skipIf(reason)('a program without mark, session and parent dies with the group', async () => {
  const opened = await open();
  const value = `${process.pid}-${groups}`;
  const pid = await saidPid(start(opened, `${escaping}; exec sleep 1000`, value));
  expect(await processStartTime(pid)).toBeDefined();
  // Once its parent has ended, nothing but the group leads to it.
  await until(async () => !(await findMarkedProcesses(mark, value)).some((found) => found.pid === pid));
  const group = opened.of('kaede');
  expect(group.pids()).toContain(pid);
  const { found, survivors } = await endMarkedProcesses(mark, value, { graceMs: 0, group });
  expect(found.map((entry) => entry.pid)).toContain(pid);
  expect(survivors).toEqual([]);
  expect(await processStartTime(pid)).toBeUndefined();
  expect(group.pids()).toEqual([]);
  await until(async () => group.remove() || undefined);
  expect(opened.names()).toEqual([]);
});

test.skipIf(reason)('those in a group have the grace that they are given', async () => {
  const opened = await open();
  const value = `${process.pid}-${groups}`;
  const child = start(opened, `trap 'exit 5' TERM; echo $$; while :; do sleep 0.01; done`, value);
  await saidPid(child);
  const exited = once(child, 'exit');
  await endMarkedProcesses(mark, value, { graceMs: 60_000, group: opened.of('kaede') });
  expect(await exited).toEqual([5, null]);
});

test.skipIf(reason)(
  'one that forks all the time, each time in a session of its own, is killed whole',
  async () => {
    const opened = await open();
    const value = `${process.pid}-${groups}`;
    const fork = `trap '' TERM; echo $$; while :; do env -i setsid sleep 1000 & sleep 0.002; done`;
    await saidPid(start(opened, fork, value));
    const group = opened.of('kaede');
    const { survivors } = await endMarkedProcesses(mark, value, { graceMs: 30, group });
    expect(survivors).toEqual([]);
    expect(group.pids()).toEqual([]);
  },
);

test.skipIf(reason)('a group that a program has made within its own is part of it', async () => {
  const opened = await open();
  const value = `${process.pid}-${groups}`;
  const nest = `mkdir "$1/nested"; echo 0 > "$1/nested/cgroup.procs"; ${escaping}; exec sleep 1000`;
  const pid = await saidPid(start(opened, nest, value));
  expect(opened.of('kaede').pids()).toContain(pid);
  await endMarkedProcesses(mark, value, { graceMs: 0, group: opened.of('kaede') });
  expect(await processStartTime(pid)).toBeUndefined();
  await until(async () => opened.of('kaede').remove() || undefined);
});

test.skipIf(reason)('the next daemon finds the groups where the one before had them', async () => {
  const opened = await open();
  const folder = opened.folder ?? '';
  const record = await mkdtemp(join(tmpdir(), 'og-'));
  onTestFinished(() => rm(record, { recursive: true }));
  const value = `${process.pid}-${groups}`;
  const pid = await saidPid(start(opened, `${escaping}; exec sleep 1000`, value));
  const recordFile = join(record, 'record');
  await writeFile(recordFile, `${folder}\n/gone/${basename(folder)}\n/sys/fs\n`);
  const later = await openControlGroups({ name: basename(folder), recordFile, mode: 'off' });
  expect(later).toMatchObject({ folder: undefined, reason: expect.stringContaining('switched off') });
  expect(later.names()).toEqual(['kaede']);
  expect(later.of('kaede').open()).toBeUndefined();
  expect(later.of('kaede').pids()).toContain(pid);
  expect(await readFile(recordFile, 'utf8')).toBe(`${folder}\n`);
  await endMarkedProcesses(mark, value, { graceMs: 0, group: later.of('kaede') });
  expect(await processStartTime(pid)).toBeUndefined();
});

test.skipIf(reason)('groups that are empty are removed, others stay', async () => {
  const opened = await open();
  opened.of('sakura').open();
  const value = `${process.pid}-${groups}`;
  await saidPid(start(opened, 'echo $$; exec sleep 1000', value));
  expect(opened.names().sort()).toEqual(['kaede', 'sakura']);
  opened.close();
  expect(opened.names()).toEqual(['kaede']);
  expect(existsSync(opened.folder ?? '')).toBe(true);
});

test('switched off, nothing is made, and nothing is missed', async () => {
  const opened = await open({ mode: 'off' });
  expect(opened.folder).toBeUndefined();
  const group = opened.of('kaede');
  expect(group.open()).toBeUndefined();
  expect(group.pids()).toEqual([]);
  group.kill();
  expect(group.remove()).toBe(true);
  expect(await endMarkedProcesses(mark, 'nobody', { graceMs: 0, group })).toEqual({
    found: [],
    survivors: [],
  });
});
