/** The daemon and a tracker in trouble: an issue that cannot be written, a folder that is not there, an import that is cut off. */
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import { OrchestraProject, type ProjectOptions } from './orchestra-project.ts';
import './patient.ts';
import { waitUntil } from './wait-until.ts';

let project: OrchestraProject;
afterEach(() => project.remove());

async function create(options: Partial<ProjectOptions> = {}): Promise<void> {
  const kaede = { roles: ['codegen'], adapter: 'command', command: ['true'] };
  project = await OrchestraProject.create({ agents: { kaede }, ...options });
}

const isWritten = async (name: string) => (await project.readIssue(name)).includes('status:done');

test('an issue whose labels cannot be written is told once, holds up no other, and is written when it can be', async () => {
  await create();
  // An alias: readable, but its labels cannot be changed without changing the rest.
  const odd = '---\ntitle: Odd\nmine: &mine [a]\nlabels: *mine\n---\n';
  await writeFile(project.path('issues', '1-odd.md'), odd);
  await project.writeIssue('2-two', { title: 'Two' });
  await project.up();
  await waitUntil('the other label', () => isWritten('2-two'));
  await project.writeIssue('3-three', { title: 'Three' });
  await waitUntil('a later label', () => isWritten('3-three'));
  await project.fact('failure', ({ name }) => name === 'node.tracker.failed');
  expect(project.factsNamed('node.tracker.failed').map(({ body }) => body['reason'])).toEqual([
    expect.stringContaining('1-odd.md'),
  ]);
  // A comment is added at the end; what its author has written stays as it is.
  expect((await readFile(project.path('issues', '1-odd.md'), 'utf8')).startsWith(odd)).toBe(true);
  await project.writeIssue('1-odd', { title: 'Odd' });
  await waitUntil('the label of the mended one', () => isWritten('1-odd'));
});

test('an issue file that is deleted while its task is worked on holds up no label', async () => {
  await create({
    agents: { kaede: { roles: ['codegen'], adapter: 'command', command: ['sh', '-c', 'sleep 0.5'] } },
    issues: { '1-one': { title: 'One' }, '2-two': { title: 'Two' } },
  });
  await project.up();
  await project.fact('work', ({ name, about }) => name === 'task.accepted' && about === '1');
  await rm(project.path('issues', '1-one.md'));
  await waitUntil('the other label', () => isWritten('2-two'));
  expect(project.factsNamed('node.tracker.failed')).toEqual([]);
});

test('a missing folder of issues is made at the start', async () => {
  await create();
  await rm(project.path('issues'), { recursive: true });
  const { exitCode } = await project.start('--until-idle').ended;
  expect(exitCode).toBe(0);
  await access(project.path('issues'));
});

test('of equal issues the lowest number is begun first, however many there are', async () => {
  const created = '2025-06-01T00:00:00Z';
  const numbers = Array.from({ length: 150 }, (_, index) => index + 1);
  const issues = Object.fromEntries(numbers.map((number) => [`${number}-x`, { title: 'X', created }]));
  await create({ issues });
  await project.up();
  await waitUntil('three claims', () => project.factsNamed('task.claimed').length >= 3);
  const claimed = project.factsNamed('task.claimed').map(({ about }) => about);
  expect(claimed.slice(0, 3)).toEqual(['1', '2', '3']);
  const order = project.facts.map(({ name }) => name);
  expect(order.indexOf('task.claimed')).toBeGreaterThan(order.lastIndexOf('task.discovered'));
});

test('a daemon that is ended in the middle of a large import ends in good order, and goes on with it next time', async () => {
  // More than are taken in before the signal comes, and no more: each is a fact and a label, and on a busy machine slow.
  const numbers = Array.from({ length: 300 }, (_, index) => index + 1);
  await create();
  await mkdir(project.path('issues'), { recursive: true });
  await Promise.all(numbers.map((number) => project.writeIssue(`${number}-x`, { title: 'X', priority: 4 })));
  await project.up();
  await project.fact('the import under way', ({ name }) => name === 'task.discovered');
  project.daemon.kill('SIGTERM');
  expect(await project.daemon.ended).toMatchObject({ exitCode: 0 });
  expect(project.facts.filter(({ body }) => body['reason'] === 'killed')).toEqual([]);
  await project.up();
  await waitUntil('all of them', () => project.factsNamed('task.discovered').length >= numbers.length);
});
