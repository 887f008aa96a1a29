/** An agent's whole process tree dies with it, also what has dropped its mark, its session and its parents. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openControlGroups } from '../../src/processes/control-groups.ts';
import { processStartTime } from '../../src/processes/process-start-time.ts';
import { OrchestraProject } from './orchestra-project.ts';
import './patient.ts';
import { waitUntil } from './wait-until.ts';

let project: OrchestraProject;
afterEach(() => project.remove());

/** Why this machine has no control groups for us. */
const { reason, close } = await openControlGroups({
  name: `orchestra-probe-${process.pid}`,
  recordFile: '/nonexistent/record',
  mode: 'auto',
  passing: true,
});
close();
if (reason !== undefined) console.warn(`control groups are not tested: ${reason}`);

/** Tells the pid of what escapes into a file, anew at each start. */
const escaping = `env -i PATH="$PATH" F="$ORCHESTRA_FOLDER/escaped" setsid sh -c 'sleep 1000 & echo $! > "$F"'; exec cat`;

async function create(config: object = {}): Promise<void> {
  project = await OrchestraProject.create({
    agents: {
      kaede: {
        roles: ['codegen'],
        adapter: 'command',
        mode: 'kept',
        accept: 'none',
        command: ['/bin/sh', '-c', escaping],
      },
    },
    config: { restart: { intensity: 100, period: 60 }, ...config },
  });
  await project.up();
}

const escaped = (other?: number) =>
  waitUntil('what escapes', async () => {
    const text = await readFile(join(project.state.agent('kaede'), 'escaped'), 'utf8').catch(() => '');
    const pid = Number(text);
    return pid > 0 && pid !== other && pid;
  });

test.skipIf(reason)('it dies when its agent is killed, restarted and ended', async () => {
  await create();
  const first = await escaped();
  expect(await processStartTime(first)).toBeDefined();
  const pane = Number(
    (await project.tmux('list-panes', '-a', '-F', '#{@orchestra_agent} #{pane_pid}'))
      .split('\n')
      .find((line) => line.startsWith('kaede '))
      ?.split(' ')[1],
  );
  process.kill(pane, 'SIGKILL');
  const second = await escaped(first);
  expect(await processStartTime(first)).toBeUndefined();
  await project.cli(['agents', 'restart', 'kaede']);
  const third = await escaped(second);
  expect(await processStartTime(second)).toBeUndefined();
  const folder = (await readFile(project.state.controlGroups, 'utf8')).trim();
  expect(existsSync(join(folder, 'kaede'))).toBe(true);
  const { stdout } = await project.cli(['doctor']);
  expect(stdout).toContain(`held in a control group below ${folder}`);
  await project.cli(['down']);
  expect((await project.daemon.ended).exitCode).toBe(0);
  expect(await processStartTime(third)).toBeUndefined();
  expect(existsSync(folder)).toBe(false);
});

test.skipIf(reason)('it dies with the next daemon when the one before was killed with its tmux', async () => {
  await create();
  const first = await escaped();
  const server = Number(await project.tmux('display-message', '-p', '#{pid}'));
  project.daemon.kill('SIGKILL');
  process.kill(server, 'SIGKILL');
  await project.daemon.ended;
  expect(await processStartTime(first)).toBeDefined();
  await project.up();
  await escaped(first);
  expect(await processStartTime(first)).toBeUndefined();
});

test('switched off, doctor says what escapes', async () => {
  await create({ processes: { cgroup: 'off' } });
  const pid = await escaped();
  expect(existsSync(project.state.controlGroups)).toBe(false);
  const { stdout } = await project.cli(['doctor']);
  expect(stdout).toContain(
    'no control groups: switched off (processes.cgroup); what a program starts is found by mark',
  );
  await project.cli(['down']);
  await project.daemon.ended;
  expect(await processStartTime(pid)).toBeDefined();
  process.kill(pid, 'SIGKILL');
});
