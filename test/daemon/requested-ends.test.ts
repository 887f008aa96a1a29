/** Ends and restarts that somebody asked for: they are nobody's crash, and nothing of what was ended goes on. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import { ask } from '../../src/client/ask.ts';
import { DaemonProcess } from './daemon-process.ts';
import { expectNothingRuns } from './nothing-runs.ts';
import { OrchestraProject, type ProjectOptions } from './orchestra-project.ts';
import './patient.ts';
import { waitUntil } from './wait-until.ts';

let project: OrchestraProject;
afterEach(() => project.remove());

const create = async (options: ProjectOptions) => {
  project = await OrchestraProject.create(options);
};
const kept = (script: string, more: object = {}) => ({
  roles: ['codegen'],
  adapter: 'command',
  mode: 'kept',
  accept: 'none',
  command: ['sh', '-c', script],
  ...more,
});

test('a signal while it starts takes down again what stood already', async () => {
  await create({ agents: { kaede: kept('cat') } });
  const daemon = new DaemonProcess(project.folder, []);
  await waitUntil('the tmux server', () => existsSync(project.state.tmuxSocket) || daemon.hasEnded);
  daemon.kill('SIGTERM');
  await daemon.ended;
  await expectNothingRuns(project.folder);
  expect(existsSync(project.state.lockFile)).toBe(false);
});

test('an orchestra whose agents never became ready ends without waiting for them', async () => {
  await create({
    agents: { kaede: kept('cat', { ready: 'report' }), sakura: kept('cat', { ready: 'report' }) },
  });
  await project.up();
  await project.cli(['down']);
  await project.daemon.ended;
  const killed = project.facts.filter(
    ({ name, body }) => name === 'node.child.terminated' && body['reason'] === 'killed',
  );
  expect(killed).toEqual([]);
});

test('an agent that is restarted on request goes on with its task, however often, and is no crash', async () => {
  await create({
    agents: { kaede: kept('cat') },
    issues: { '1-one': { title: 'One' } },
    config: { restart: { intensity: 1, period: 60 }, scheduler: { maxAttempts: 9 } },
  });
  await project.up();
  for (let attempt = 2; attempt <= 5; attempt += 1) {
    await project.fact(
      'work',
      ({ name, body }) => name === 'task.accepted' || body['attempt'] === attempt - 1,
    );
    await project.cli(['agents', 'restart', 'kaede']);
    await project.fact(
      'begun again',
      ({ name, body }) => name === 'task.restarted' && body['attempt'] === attempt,
    );
  }
  expect(project.factsNamed('agent.quarantined')).toEqual([]);
  expect(project.factsNamed('task.restarted').map(({ body }) => body['attempt'])).toEqual([2, 3, 4, 5]);
});

test('a prompt template with a fault blocks its task with file and line; the agent goes on', async () => {
  await create({ agents: { kaede: kept('cat') }, issues: { '1-one': { title: 'One' } } });
  await mkdir(project.path('config/prompts'), { recursive: true });
  await writeFile(project.path('config/prompts/codegen.liquid'), 'Hello\n{{ nobody }}\n');
  await project.up();
  const blocked = await project.fact('blocking', ({ name }) => name === 'task.blocked');
  expect(blocked.body['reason']).toMatch(
    /config\/prompts\/codegen\.liquid: undefined variable: nobody, line:2/u,
  );
  expect(project.factsNamed('node.child.terminated')).toEqual([]);
});

test('an orderly end gives the task back, and the next daemon counts no try for it', async () => {
  await create({ agents: { kaede: kept('cat') }, issues: { '1-one': { title: 'One' } } });
  await project.up();
  await project.fact('work', ({ name }) => name === 'task.accepted');
  await project.cli(['down']);
  await project.daemon.ended;
  const from = project.facts.length;
  await project.up();
  const claimed = await project.fact('claim', ({ name }) => name === 'task.claimed', from);
  expect(claimed.body).toMatchObject({ attempt: 1, token: 2 });
  expect(JSON.parse(await readFile(project.state.daemonFile, 'utf8')).pid).toBe(project.daemon.pid);
});

test('a daemon that was stopped for longer than a lease takes nothing from an agent that goes on working', async () => {
  await create({
    agents: { kaede: kept('cat') },
    issues: { '1-one': { title: 'One' } },
    config: { scheduler: { lease: '1s', tick: '200ms' } },
  });
  await project.up();
  await project.fact('work', ({ name }) => name === 'task.accepted');
  const { claim } = await ask(project.bus, 'task.show', { id: '1' });
  project.daemon.kill('SIGSTOP');
  await waitUntil('the lease to run out', () => Date.now() > (claim?.leaseUntil ?? 0) + 500);
  project.daemon.kill('SIGCONT');
  await waitUntil('a renewal', async () => {
    const task = await ask(project.bus, 'task.show', { id: '1' });
    return task.claim !== null && task.claim.leaseUntil > Date.now() && task.state === 'working';
  });
  expect(project.factsNamed('task.released')).toEqual([]);
});
