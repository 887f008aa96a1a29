/** What earlier versions have stored is taken up by this one: a fixture a version, recorded by `record-fixture.ts`. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Bus } from '../../src/bus/bus.ts';
import { connectBus } from '../../src/bus/connect-bus.ts';
import { deadLetters } from '../../src/bus/dead-letter.ts';
import type { Fact } from '../../src/events/facts.ts';
import { packageRoot } from '../../src/package/package-root.ts';
import { readDaemonFile } from '../../src/state-folder/daemon-file.ts';
import { stateFolder } from '../../src/state-folder/state-folder.ts';
import { TaskRecord } from '../../src/tasks/task-record.ts';
import { patientManager } from '../bus/real-bus.ts';
import { DaemonProcess, orchestraCommand } from '../daemon/daemon-process.ts';
import { waitUntil } from '../daemon/wait-until.ts';
import { storedProject } from './stored-project.ts';

const fixtures = join(packageRoot, 'test/fixtures/stored');
const versions = (await readdir(fixtures)).map((name) => name.replace('.tar.gz', ''));

describe.each(versions)('stored by version %s', (version) => {
  let folder: string;
  let daemon: DaemonProcess;
  let bus: Bus;
  const cli = async (...args: string[]) =>
    (await execa(process.execPath, [orchestraCommand, ...args], { cwd: folder })).stdout;
  const told = async (about: string, name: Fact['name']) =>
    (await cli('events', '--json', '--about', about))
      .split('\n')
      .filter((line) => line.includes(`"${name}"`));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orch-'));
    await execa('tar', ['-xzf', join(fixtures, `${version}.tar.gz`), '-C', folder]);
    daemon = new DaemonProcess(folder, []);
    const state = stateFolder(join(folder, 'state'));
    const { natsUrl, operatorKey } = await waitUntil('the daemon', () => readDaemonFile(state.daemonFile));
    const seed = (await readFile(operatorKey, 'utf8')).trim();
    bus = await connectBus({ url: natsUrl, seed, name: 'test' });
  }, 120_000);
  afterEach(async () => {
    await bus.close(100);
    daemon.kill('SIGTERM');
    await daemon.ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  test('it goes on with everything', { timeout: 120_000 }, async () => {
    const tasks = JSON.parse(await cli('tasks', '--json')) as { id: string; state: string }[];
    // Sakura's quarantine may have ended meanwhile, and task 5 be hers; task 6 is worked on again.
    const resting = (id: string) => id !== '5' && id !== '6';
    const is = tasks.filter(({ id }) => resting(id)).map(({ id, state }) => [id, state]);
    expect(is.toSorted()).toEqual(Object.entries(storedProject.states).filter(([id]) => resting(id)));
    await waitUntil('task 6 again', async () => (await told('6', 'task.restarted')).length === 1);

    expect(JSON.parse(await cli('inbox', 'sakura', '--json'))).toMatchObject([
      { from: 'operator', text: storedProject.unhandled },
    ]);
    expect(await deadLetters(bus)).toMatchObject([{ agent: 'kaede', reason: 'its body is empty' }]);

    await cli('send', 'kaede', 'another');
    await waitUntil('the other', async () => (await told('kaede', 'agent.message.delivered')).length > 1);
    expect(await told('kaede', 'agent.message.delivered')).toHaveLength(2);
    expect(await told('kaede', 'agent.message.rejected')).toHaveLength(1);
  });

  test('every task can be read, and is stored as one of today when it changes', {
    timeout: 120_000,
  }, async () => {
    const stored = async (id: string): Promise<unknown> => {
      const { direct } = await patientManager(bus);
      const found = await direct.getMessage('KV_orch_tasks', { last_by_subj: `$KV.orch_tasks.${id}` });
      return found?.json();
    };
    await waitUntil('task 6 again', async () => TaskRecord.parse(await stored('6')).attempts === 2);
    expect(await stored('6')).toMatchObject({ version: 2, evidence: expect.any(String) });
    for (const id of Object.keys(storedProject.states))
      expect(TaskRecord.parse(await stored(id))).toMatchObject({ version: 2, issue: { id } });
    expect(TaskRecord.parse(await stored('1')).history).toMatchObject([{ agent: 'kaede', outcome: 'done' }]);
  });
});
