/** Quarantine: an agent that is restarted too often stays out until a person revives it, whatever is restarted above it. */
import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ask } from '../../src/client/ask.ts';
import { descendantAt } from '../../src/supervision/tree-description.ts';
import { brittle } from './brittle-agent.ts';
import { OrchestraProject } from './orchestra-project.ts';
import './patient.ts';
import { waitUntil } from './wait-until.ts';

let project: OrchestraProject;
const path = 'ensemble/agents/agent:kaede';

const sound = { ...brittle, roles: ['other'], command: ['cat'] };

beforeEach(async () => {
  project = await OrchestraProject.create({ agents: { kaede: brittle, sakura: sound } });
  await project.up();
  await project.fact('quarantine', ({ name }) => name === 'agent.quarantined');
  // Its supervisor ends what it has left after that.
  await waitUntil('the tree to know it', async () => (await kaede())?.lastExit != null);
  await project.fact(
    'sakura idle',
    ({ about, body }) => about === 'sakura' && body['availability'] === 'idle',
  );
});
afterEach(() => project.remove());

const mend = () => writeFile(`${project.state.agent('kaede')}/mended`, '');
const kaede = async () => descendantAt(await ask(project.bus, 'tree', {}), path);
const refused = (...args: string[]) => project.cli(['agents', ...args], { reject: false });

test('people see since when and why, and the way out', async () => {
  const reason = 'more than 5 restarts within 60 s, at last of pane: its program ended (status 1)';
  const { stdout } = await project.cli(['agents']);
  expect(stdout).toMatch(/^🎵 kaede +codegen +quarantined /mu);
  expect(stdout).toMatch(
    /^kaede is in quarantine since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d: more than 5 restarts/mu,
  );
  expect(stdout).toContain(`${reason}.\nIt is started again at `);
  expect(stdout).toContain('; `orchestra agents revive kaede` brings it back.');
  expect((await project.cli(['status'])).stdout).toContain('`orchestra agents revive kaede`');
  expect((await project.cli(['tree'])).stdout).toContain(`quarantined for `);
  expect(await kaede()).toMatchObject({
    state: 'quarantined',
    pid: null,
    quarantine: { reason },
    lastExit: { reason: 'too many restarts of pane' },
  });
  const [told] = project.factsNamed('agent.quarantined', 'kaede');
  expect(told?.body['reason']).toBe(`${reason}; \`orchestra agents revive kaede\` brings it back`);
  for (const verb of ['restart', 'interrupt', 'nudge']) {
    const { exitCode, stderr } = await refused(verb, 'kaede');
    expect(stderr).toContain('kaede is in quarantine');
    expect(stderr).toContain('`orchestra agents revive kaede` brings it back');
    expect(exitCode).toBe(1);
  }
});

test('revived, it takes work again; only an agent in quarantine can be', async () => {
  const { exitCode, stderr } = await refused('revive', 'sakura');
  expect(stderr).toContain('sakura is idle, not in quarantine');
  expect(exitCode).toBe(1);
  await mend();
  expect((await project.cli(['agents', 'revive', 'kaede'])).stdout).toBe('kaede is back');
  await project.writeIssue('1-one', { title: 'One' });
  await project.fact('task 1 done', ({ name, about }) => name === 'task.completed' && about === '1');
  expect(project.factsNamed('agent.revived', 'kaede').map(({ body }) => body)).toEqual([{ by: 'operator' }]);
  expect(await kaede()).toMatchObject({ state: 'running', quarantine: null, supervisor: { restarts: 0 } });
});

test('revived without being mended it is back in quarantine, having had all its restarts', async () => {
  await project.cli(['agents', 'revive', 'kaede']);
  await waitUntil(
    'the second quarantine',
    () => project.factsNamed('agent.quarantined', 'kaede').length === 2,
  );
  await waitUntil('the tree to know it', async () => (await kaede())?.state === 'quarantined');
});

test.each(['ensemble/agents', 'ensemble/tmuxServer'])('a restart of %s brings nobody back', async (above) => {
  await mend();
  const from = project.facts.length;
  await ask(project.bus, 'tree.kill', { path: above });
  await project.fact(
    'sakura again',
    ({ name, about }) => name === 'agent.session.opened' && about === 'sakura',
    from,
  );
  expect(await kaede()).toMatchObject({ state: 'quarantined', pid: null });
  await project.cli(['agents', 'revive', 'kaede']);
  await project.fact(
    'kaede again',
    ({ name, about }) => name === 'agent.session.opened' && about === 'kaede',
    from,
  );
});

test('the next daemon leaves it out as well', async () => {
  await mend();
  await project.cli(['down']);
  await project.daemon.ended;
  await project.up();
  expect(await kaede()).toMatchObject({
    state: 'quarantined',
    quarantine: { reason: expect.stringMatching(/^more than 5/u) },
  });
  await project.cli(['agents', 'revive', 'kaede']);
  await waitUntil('it runs', async () => (await kaede())?.state === 'running');
});
