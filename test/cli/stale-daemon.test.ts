/** What a daemon that was killed leaves behind: its file names a pid that may be another process's by now. */
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { processStartTime } from '../../src/processes/process-start-time.ts';
import { writeDaemonFile } from '../../src/state-folder/daemon-file.ts';
import { lockFolder } from '../../src/state-folder/folder-lock.ts';
import { OrchestraProject } from '../daemon/orchestra-project.ts';

let project: OrchestraProject;
const bystander = spawn('sleep', ['600']);
const pid = bystander.pid ?? 0;

beforeEach(async () => {
  project = await OrchestraProject.create({
    agents: { kaede: { roles: ['codegen'], adapter: 'command', command: ['true'] } },
  });
  await mkdir(project.state.root);
  await writeDaemonFile(project.state.daemonFile, {
    pid,
    processStart: ((await processStartTime(pid)) ?? 0) - 1,
    startedAt: '2025-06-01T12:00:00Z',
    natsUrl: 'nats://127.0.0.1:1',
    operatorKey: project.path('orchestra.yaml'),
    attach: [],
    config: project.path('orchestra.yaml'),
  });
});
afterEach(() => project.remove());
afterAll(() => {
  bystander.kill('SIGKILL');
});

test('`orchestra down` says that none runs and leaves the process alone that has its pid now', async () => {
  const { exitCode, stderr } = await project.cli(['down'], { reject: false });
  expect(exitCode).toBe(69);
  expect(stderr).toContain('No orchestra runs');
  expect(await processStartTime(pid)).toBeDefined();
});

test('a daemon that holds the folder but is not up yet is said to be starting', async () => {
  const unlock = await lockFolder(project.state.root, project.state.lockFile);
  const { exitCode, stderr } = await project.cli(['tree'], { reject: false });
  expect(exitCode).toBe(69);
  expect(stderr).toContain(`(pid ${process.pid}) is still starting, or just ending`);
  await unlock();
});

test('doctor counts it as none, and the next daemon puts its own in its place', async () => {
  const { stdout } = await project.cli(['doctor', '--json'], { reject: false });
  expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ what: 'daemon', verdict: 'ok' }));
  await project.up();
  expect(JSON.parse((await project.cli(['status', '--json'])).stdout).pid).toBe(project.daemon.pid);
});
