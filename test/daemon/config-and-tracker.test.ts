import { readFile, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { OrchestraProject } from './orchestra-project.ts';
import './patient.ts';
import { waitUntil } from './wait-until.ts';

let project: OrchestraProject;
const quick = (role: string) => ({ roles: [role], adapter: 'command', command: ['true'] });

beforeEach(async () => {
  project = await OrchestraProject.create({
    agents: { kaede: quick('codegen'), sakura: quick('review') },
    flow: ['codegen', 'review'],
    config: { routes: [{ labels: ['🐛 Bug'], flow: ['review'] }] },
  });
  await project.up();
});
afterEach(() => project.remove());

async function editConfig(change: (config: Record<string, unknown>) => void): Promise<void> {
  const file = project.path('orchestra.yaml');
  const config: Record<string, unknown> = parse(await readFile(file, 'utf8'));
  change(config);
  await project.writeConfig(config);
}

const stages = (id: string) => project.factsNamed('task.finished', id).map(({ body }) => body['stage']);

test('an issue that appears while it runs is routed, worked on, and its labels are written', async () => {
  await project.writeIssue('7-bug', { title: 'Seven', labels: ['bug', 'mine'] });
  await project.fact('the end', ({ name, about }) => name === 'task.completed' && about === '7');
  expect(stages('7')).toEqual(['review']);
  await project.cli(['down']);
  expect(await project.readIssue('7-bug')).toMatch(/- bug\n\s*- mine\n\s*- status:done/u);
});

test('a changed config is read anew; a bad one is named with its place and left aside', async () => {
  await editConfig((config) => {
    config['flow'] = ['review'];
  });
  await project.fact('reload', ({ name }) => name === 'node.config.reloaded');
  await editConfig((config) => {
    config['floww'] = ['codegen'];
  });
  const rejected = await project.fact('rejection', ({ name }) => name === 'node.config.rejected');
  expect(String(rejected.body['faults'])).toMatch(
    /orchestra\.yaml:\d+:\d+ floww: unknown key; did you mean "flow"\?/u,
  );
  await project.writeIssue('8-eight', { title: 'Eight' });
  await project.fact('the end', ({ name, about }) => name === 'task.completed' && about === '8');
  expect(stages('8')).toEqual(['review']);
});

test('an issue that is not readable is named and left out; mended, it is taken', async () => {
  await writeFile(project.path('issues/9-bad.md'), '---\ntitle: "unclosed\n---\n');
  const problem = await project.fact('problem', ({ name }) => name === 'node.tracker.problem');
  expect(problem.body).toMatchObject({ line: expect.any(Number), column: expect.any(Number) });
  expect(problem.body['file']).toContain('9-bad.md');
  await project.writeIssue('9-bad', { title: 'Mended' });
  await project.fact('the end', ({ name, about }) => name === 'task.completed' && about === '9');
});

test('an issue whose file is taken away is closed, and taken up again when the file comes back', async () => {
  await project.writeIssue('5-five', { title: 'Five', blocked_by: [4] });
  await project.fact('discovery', ({ name, about }) => name === 'task.discovered' && about === '5');
  // No lock keeps the daemon from making it again that is in the middle of writing its label.
  await waitUntil('its label', async () => (await project.readIssue('5-five')).includes('status:'));
  await rm(project.path('issues/5-five.md'));
  await project.fact('closing', ({ name, about }) => name === 'task.closed' && about === '5');
  await project.writeIssue('5-five', { title: 'Five' });
  await project.fact('the end', ({ name, about }) => name === 'task.completed' && about === '5');
});

test('an issue is held up until its blockers are done', async () => {
  await project.writeIssue('2-second', { title: 'Second', blocked_by: [1] });
  await project.fact('discovery', ({ name, about }) => name === 'task.discovered' && about === '2');
  await project.writeIssue('1-first', { title: 'First' });
  await project.fact('the end', ({ name, about }) => name === 'task.completed' && about === '2');
  const order = project.facts.filter(({ name }) => name === 'task.completed').map(({ about }) => about);
  expect(order).toEqual(['1', '2']);
});
