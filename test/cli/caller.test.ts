/** What an agent's program may do with the `orchestra` command in its pane, and what only people may. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDaemonFile } from '../../src/state-folder/daemon-file.ts';
import { OrchestraProject } from '../daemon/orchestra-project.ts';

let project: OrchestraProject;
let pane: Record<string, string>;
beforeAll(async () => {
  project = await OrchestraProject.create({
    agents: {
      kaede: { roles: ['codegen'], adapter: 'command', command: ['true'] },
      sakura: { roles: ['review'], adapter: 'command', command: ['true'] },
    },
  });
  await project.up();
  const daemon = await readDaemonFile(project.state.daemonFile);
  pane = {
    ORCHESTRA_AGENT: 'kaede',
    ORCHESTRA_NATS_URL: daemon?.natsUrl ?? '',
    ORCHESTRA_NATS_KEY: join(daemon?.operatorKey ?? '', '..', 'kaede.nk'),
  };
});
afterAll(() => project.remove());

const inPane = (...args: string[]) => project.cli(args, { env: pane, reject: false });
const isUp = async () => JSON.parse((await project.cli(['status', '--json'])).stdout).pid;

test('`orchestra down` in a pane is refused, and the daemon goes on', async () => {
  expect(await inPane('down')).toMatchObject({
    exitCode: 64,
    stderr: 'Only people end the orchestra, from outside a pane.',
  });
  expect(await isUp()).toBe(project.daemon.pid);
});

test('a key that may not end the orchestra does not end it by a signal either', async () => {
  const { daemonFile } = project.state;
  const own = await readFile(daemonFile, 'utf8');
  await writeFile(daemonFile, own.replace('operator.nk', 'kaede.nk'));
  const { exitCode, stderr } = await project.cli(['down'], { reject: false });
  await writeFile(daemonFile, own);
  expect(exitCode).toBe(1);
  expect(stderr).not.toContain('SIGTERM');
  expect(await isUp()).toBe(project.daemon.pid);
});

test.each([
  [['status']],
  [['tasks']],
  [['task', 'show', '1']],
  [['task', 'retry', '1']],
  [['task', 'release', '1']],
  [['events']],
  [['agents', 'restart', 'sakura']],
  [['attach', '--print']],
  [['nats']],
  [['up']],
])('%j is for people, and says what an agent has', async (args) => {
  const { exitCode, stderr } = await inPane(...args);
  expect(exitCode).toBe(64);
  expect(stderr).toMatch(/^Only people .* An agent has `orchestra task current\|/u);
});

test("an agent sees its own inbox and nobody else's", async () => {
  await project.cli(['send', 'kaede', 'for kaede']);
  await project.cli(['send', 'sakura', 'for sakura']);
  expect((await inPane('inbox')).stdout).toContain('for kaede');
  expect((await inPane('inbox', 'kaede')).stdout).toContain('for kaede');
  const other = await inPane('inbox', 'sakura');
  expect(other).toMatchObject({ exitCode: 64, stdout: '' });
  expect(other.stderr).toContain('`orchestra inbox` shows it');
});

test('half of the environment of a pane makes nobody a person', async () => {
  const env = { ORCHESTRA_AGENT: 'kaede' };
  const { exitCode, stderr } = await project.cli(['inbox', 'sakura'], { env, reject: false });
  expect(exitCode).toBe(64);
  expect(stderr).toContain('ORCHESTRA_NATS_KEY');
});
