import { afterEach, beforeEach, expect, test } from 'vitest';
import { readDaemonFile } from '../../src/state-folder/daemon-file.ts';
import { DaemonProcess } from './daemon-process.ts';
import { expectNothingRuns } from './nothing-runs.ts';
import { OrchestraProject } from './orchestra-project.ts';
import './patient.ts';
import { waitUntil } from './wait-until.ts';

let project: OrchestraProject;
beforeEach(async () => {
  project = await OrchestraProject.create({
    agents: { kaede: { roles: ['codegen'], adapter: 'command', command: ['sleep', '5000'] } },
    issues: { '1-one': { title: 'One' } },
  });
});
afterEach(() => project.remove());

test('a daemon whose reader goes away ends in good order, also when a signal comes with it', async () => {
  const daemon = new DaemonProcess(project.folder, []);
  await waitUntil(
    'the daemon to be up',
    async () => (await readDaemonFile(project.state.daemonFile))?.pid === daemon.pid,
  );
  daemon.stopReading();
  daemon.kill('SIGTERM');
  await daemon.ended;
  await expectNothingRuns(project.folder);
  expect(await readDaemonFile(project.state.daemonFile)).toBeUndefined();
});
