/** Foreign text with C1 controls and changes of direction, which JSON leaves as they are, in what commands print as JSON. */
import { appendFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OrchestraProject } from '../daemon/orchestra-project.ts';

const hostile = 'a\u009b31mb\u202ec\u2028d';
const acting = /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/u;

let project: OrchestraProject;
beforeAll(async () => {
  project = await OrchestraProject.create({
    agents: {
      kaede: {
        roles: ['codegen'],
        adapter: 'command',
        command: [
          'sh',
          '-c',
          'orchestra task current > "$ORCHESTRA_FOLDER/current"; orchestra task say "$1"; orchestra task done --note "$1"',
          'sh',
          hostile,
        ],
      },
    },
    issues: { '1-one': { title: 'One', body: hostile } },
  });
  await project.up();
  await project.fact('the end', ({ name }) => name === 'task.completed' || name === 'task.failed');
});
afterAll(() => project.remove());

test.each([
  [['task', 'show', '1', '--json']],
  [['tasks', '--json']],
  [['status', '--json']],
  [['events', '--json']],
  [['events']],
])('%j', async (args) => {
  const { stdout } = await project.cli(args);
  expect(stdout).not.toBe('');
  expect(stdout).not.toMatch(acting);
});

test('the inbox', async () => {
  await project.cli(['send', 'kaede', hostile]);
  const { stdout } = await project.cli(['inbox', 'kaede', '--json']);
  expect(stdout).not.toMatch(acting);
  expect(JSON.parse(stdout)[0].text).toBe(hostile);
});

test('the log', async () => {
  await appendFile(project.state.logFile, `${JSON.stringify({ msg: hostile })}\n`);
  const { stdout } = await project.cli(['logs', '-n', '500']);
  expect(stdout).toContain('\\u009b31m');
  expect(stdout).not.toMatch(acting);
});
