/** A root that gives up: the daemon ends with everything it held, in bounded time, and tells everybody why. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ask } from '../../src/client/ask.ts';
import { isRunning } from '../../src/processes/process-table.ts';
import { readDaemonFile } from '../../src/state-folder/daemon-file.ts';
import { aftermathOf } from '../../src/supervision/aftermath.ts';
import { expectNothingRuns } from './nothing-runs.ts';
import { OrchestraProject } from './orchestra-project.ts';
import './patient.ts';
import { processesOf } from './processes-of.ts';
import { waitUntil } from './wait-until.ts';

let project: OrchestraProject;
beforeEach(async () => {
  project = await OrchestraProject.create({
    agents: {
      kaede: { roles: ['codegen'], adapter: 'command', mode: 'kept', accept: 'none', command: ['cat'] },
    },
  });
});
afterEach(async () => {
  // One in the background that a failed test has left: nobody else would end it.
  if (await readDaemonFile(project.state.daemonFile)) await project.cli(['down'], { reject: false });
  await project.remove();
});

const reasonOf = (part: string) =>
  `The orchestra has ended: more than 3 restarts within 60 s, at last of ${part}: killed;`;

/** Once more than the root allows; what the last of these commands came to. */
async function killTooOften(part: string) {
  for (let restart = 1; restart <= 3; restart += 1) await project.cli(['tree', 'kill', part]);
  return project.cli(['tree', 'kill', part], { reject: false });
}

/** The same without a process for each kill: on a slow machine those would take more than the minute that the root counts. */
async function killTooOftenByBus(part: string) {
  const look = () => ask(project.bus, 'tree', {}, 2_000).catch(() => undefined);
  for (let restart = 1; restart <= 3; restart += 1) {
    const before = await waitUntil('the tree', look);
    await ask(project.bus, 'tree.kill', { path: part });
    await waitUntil(`${part} to be restarted`, async () => {
      const after = await look();
      return after && aftermathOf(before, after, part);
    });
  }
  return project.cli(['tree', 'kill', part], { reject: false });
}

async function expectNothingLeft(): Promise<void> {
  await expectNothingRuns(project.folder);
  expect(existsSync(project.state.daemonFile)).toBe(false);
  expect(existsSync(project.state.lockFile)).toBe(false);
}

test.each(['broker', 'ensemble', 'work', 'services'])(
  'over %s: in the foreground it exits with 1 and says why, and so does `tree kill`',
  async (part) => {
    await project.up();
    const { exitCode, stdout, stderr } = await killTooOftenByBus(part);
    expect(stdout).toMatch(/^killed \w+ \(\S+\)$/u);
    expect(stderr).toContain(reasonOf(part));
    expect(exitCode).toBe(69);
    const end = await project.daemon.ended;
    expect(end.exitCode).toBe(1);
    expect(end.all).toContain(reasonOf(part));
    await expectNothingLeft();
    const log = await readFile(project.state.logFile, 'utf8');
    expect(log).toContain('"msg":"daemon.ended"');
    // What its children hold has been closed by themselves.
    expect(log).not.toContain('daemon.left.open');
  },
);

test('in the background too, and the next one finds a free folder', async () => {
  await project.cli(['up', '--detach']);
  const daemon = await readDaemonFile(project.state.daemonFile);
  expect((await killTooOften('services')).exitCode).toBe(69);
  await waitUntil(
    'its process to be gone',
    async () => daemon && !(await isRunning({ pid: daemon.pid, startTime: daemon.processStart })),
  );
  await expectNothingLeft();
  expect(await readFile(project.path('state', 'daemon.err'), 'utf8')).toContain(reasonOf('services'));
  await project.cli(['up', '--detach']);
  expect(await readDaemonFile(project.state.daemonFile)).toBeDefined();
  await project.cli(['down']);
  await waitUntil('the end', async () => (await processesOf(project.folder)).length === 0);
});
