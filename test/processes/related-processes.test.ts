import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { endMarkedProcesses } from '../../src/processes/end-marked-processes.ts';
import { findFolderUsers } from '../../src/processes/folder-users.ts';
import type { ProcessEntry } from '../../src/processes/process-entry.ts';
import { processStartTime, startedAt } from '../../src/processes/process-start-time.ts';
import { readCommand, readMarks, readProcess } from '../../src/processes/process-table.ts';
import { relatedIn } from '../../src/processes/related-processes.ts';
import { until } from '../tmux/until.ts';
import { temporaryFolder } from '../worktrees/repositories.ts';

const mark = 'RELATED_TEST';

/** Runs a script as the leader of a session of its own; resolves with the pids it prints. */
async function startLeader(script: string, value: string, cwd = '/'): Promise<number[]> {
  const child = spawn('/bin/sh', ['-c', script], {
    cwd,
    detached: true,
    env: { PATH: process.env['PATH'], [mark]: value },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // Ended by the test.
    }
  });
  const [said] = await once(child.stdout, 'data');
  return [child.pid ?? 0, ...String(said).trim().split('\n').map(Number)];
}

const orphanInSession = `env -i PATH="$PATH" sh -c 'sleep 1000 & echo $!'; sleep 1000; true`;

test('who has lost mark and parent is found by the session that a marked process leads', async () => {
  const value = `${process.pid}-session`;
  const [leader = 0, orphan = 0] = await startLeader(orphanInSession, value);
  expect((await readProcess(orphan))?.parent).not.toBe(leader);
  expect((await readProcess(orphan))?.session).toBe(leader);
  const { found, survivors } = await endMarkedProcesses(mark, value, { graceMs: 0 });
  expect(found.map(({ pid }) => pid)).toContain(orphan);
  expect(survivors).toEqual([]);
  expect(await processStartTime(orphan)).toBeUndefined();
});

test('others in the session of somebody who is not marked are left alone', async () => {
  const value = `${process.pid}-shell`;
  const script = `env ${mark}=${value} sleep 1000 & env -i PATH="$PATH" sh -c 'sleep 1000 & echo $!'; sleep 1000; true`;
  const [leader = 0, bystander = 0] = await startLeader(script, 'somebody-else');
  const { found } = await until(async () => {
    const ended = await endMarkedProcesses(mark, value, { graceMs: 0 });
    return ended.found.length > 0 && ended;
  });
  expect(found).toHaveLength(1);
  expect(await processStartTime(leader)).toBeDefined();
  expect(await processStartTime(bystander)).toBeDefined();
});

test('relatives are found through descendants that lead sessions, each once', () => {
  const entry = (pid: number, parent: number, session: number, defunct = false): ProcessEntry => ({
    pid,
    parent,
    session,
    defunct,
    startTime: 0,
    cpuMs: 0,
  });
  const table = [
    entry(10, 1, 10),
    entry(11, 10, 10),
    entry(12, 11, 12),
    entry(13, 1, 12),
    entry(14, 13, 14),
    entry(15, 1, 10, true),
    entry(20, 1, 20),
    entry(21, 1, 0),
  ];
  expect(
    relatedIn(table, [10])
      .map(({ pid }) => pid)
      .sort(),
  ).toEqual([11, 12, 13, 14]);
  expect(relatedIn(table, [])).toEqual([]);
});

test('marks are read by what they begin with', async () => {
  const [pid = 0] = await startLeader('echo 1; sleep 1000; true', 'abc.カエデ x');
  expect((await readMarks(mark, 'abc.')).get(pid)).toBe('abc.カエデ x');
  expect((await readMarks(mark, '')).get(pid)).toBe('abc.カエデ x');
  expect((await readMarks(mark, 'bc.')).has(pid)).toBe(false);
  expect((await readMarks(mark.slice(1), 'abc.')).has(pid)).toBe(false);
});

test('a command is read with its arguments as they are', async () => {
  const [pid = 0] = await startLeader('echo 1; sleep 1000; : "a b" ""', 'command');
  const command = await readCommand(pid);
  expect(command?.program).toBe('sh');
  expect(command?.argv).toEqual(['/bin/sh', '-c', 'echo 1; sleep 1000; : "a b" ""']);
  expect(await readCommand(2 ** 22 + 1)).toBeUndefined();
});

test('a process has a start time on the wall clock', async () => {
  const before = Date.now();
  const [pid = 0] = await startLeader('echo 1; exec sleep 1000', 'clock');
  const entry = await readProcess(pid);
  if (!entry) throw new Error('it has ended');
  expect(Math.abs(startedAt(entry) - before)).toBeLessThan(60_000);
});

test.skipIf(process.platform !== 'linux')(
  'who works in a folder, or has a file there open, is found',
  async () => {
    const folder = await temporaryFolder();
    const [inside = 0] = await startLeader('echo 1; exec sleep 1000', 'inside', folder);
    const open = 'exec 3> "$HOLD"; echo 1; exec sleep 1000'.replace('$HOLD', `${folder}/held`);
    const [holder = 0] = await startLeader(open, 'holder');
    const [other = 0] = await startLeader('echo 1; exec sleep 1000', 'other');
    const pids = (await findFolderUsers([folder]))?.map(({ pid }) => pid) ?? [];
    expect(pids).toEqual(expect.arrayContaining([inside, holder]));
    expect(pids).not.toContain(other);
    expect(await findFolderUsers([folder.slice(0, -1)])).toEqual([]);
  },
);
