/** Quarantine ends by itself, and takes the agent's task from it at once. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ask } from '../../src/client/ask.ts';
import { brittle } from './brittle-agent.ts';
import { OrchestraProject, type ProjectOptions } from './orchestra-project.ts';
import './patient.ts';
import { processesOf } from './processes-of.ts';
import { waitUntil } from './wait-until.ts';

let project: OrchestraProject;
afterEach(() => project.remove());

async function up(cooldown: string, options: Partial<ProjectOptions> = {}): Promise<void> {
  project = await OrchestraProject.create({
    agents: { kaede: brittle },
    ...options,
    config: { restart: { intensity: 1, period: 60, cooldown }, ...options.config },
  });
  await project.up();
}

const mend = () => writeFile(join(project.state.agent('kaede'), 'mended'), '');
const quarantines = () => project.factsNamed('agent.quarantined', 'kaede');
const presence = async () => (await ask(project.bus, 'agents', {}))[0];

test('it is let out when its time is over; each time that follows is twice as long', async () => {
  await up('1s');
  await waitUntil('three quarantines', () => quarantines().length >= 3);
  const lengths = quarantines()
    .slice(0, 3)
    .map(({ at, body }) => Date.parse(String(body['until'])) - Date.parse(at));
  const [first = 0, second = 0, third = 0] = lengths.map((length) => Math.round(length / 1_000));
  expect([first, second, third]).toEqual([1, 2, 4]);
  await mend();
  await project.writeIssue('1-one', { title: 'One' });
  await project.fact('task 1 done', ({ name }) => name === 'task.completed');
  expect(project.factsNamed('agent.paroled', 'kaede').length).toBeGreaterThanOrEqual(3);
  expect(project.factsNamed('agent.revived')).toEqual([]);
});

test('people see when; the next daemon keeps to it', async () => {
  // Long enough to be looked at before it is over.
  await up('20s');
  await waitUntil('the quarantine', () => quarantines().length === 1);
  const until = String(quarantines()[0]?.body['until']);
  expect(await presence()).toMatchObject({ availability: 'quarantined', until });
  const { stdout } = await project.cli(['agents']);
  expect(stdout).toMatch(
    /^It is started again at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d; `orchestra agents revive kaede`/mu,
  );
  await mend();
  project.daemon.kill('SIGKILL');
  await project.daemon.ended;
  await project.up();
  await project.fact('the parole', ({ name }) => name === 'agent.paroled');
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(until));
  await waitUntil('it to be free', async () => (await presence())?.availability === 'idle');
});

test('revived by a person it begins with a clean slate', async () => {
  await up('1m');
  await waitUntil('the quarantine', () => quarantines().length === 1);
  await project.cli(['agents', 'revive', 'kaede']);
  await waitUntil('another quarantine', () => quarantines().length === 2);
  const [, second] = quarantines();
  const length = Date.parse(String(second?.body['until'])) - Date.parse(second?.at ?? '');
  expect(Math.round(length / 1_000)).toBe(60);
});

test('its task is free for another at once, and nothing of it goes on beside', async () => {
  const broken = {
    ...brittle,
    ready: 'report',
    command: [
      'sh',
      '-c',
      'cd "$ORCHESTRA_FOLDER"; [ ! -e broken ] || exit 1; orchestra task ready; read -r _; touch broken; setsid sleep 3000 & exit 1',
    ],
  };
  await up('1m', {
    agents: { kaede: broken },
    issues: { '1-one': { title: 'One' } },
    config: { scheduler: { lease: '10m' } },
  });
  const out = await project.fact('the quarantine', ({ name }) => name === 'agent.quarantined');
  const back = await project.fact('the release', ({ name }) => name === 'task.released');
  expect(back.body['reason']).toMatch(/^kaede is in quarantine: more than 1 restart within 60 s/u);
  expect(Date.parse(back.at) - Date.parse(out.at)).toBeLessThan(10_000);
  const { stdout } = await project.cli(['task', 'show', '1', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ state: 'waiting', claim: null, attempts: 1 });
  await waitUntil('what it has started to be gone', async () => {
    const left = await processesOf(project.folder);
    return !left.some(({ command }) => command.endsWith('sleep 3000'));
  });
});
