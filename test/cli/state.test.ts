/** Finding the state folder, and one that cannot be used. */
import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OrchestraProject } from '../daemon/orchestra-project.ts';

let project: OrchestraProject;
beforeEach(async () => {
  project = await OrchestraProject.create({
    agents: { kaede: { roles: ['codegen'], adapter: 'command', command: ['true'] } },
  });
});
afterEach(() => project.remove());

test.each([
  ['/proc/orchestra', []],
  ['orchestra.yaml/state', []],
  ['orchestra.yaml', []],
  ['orchestra.yaml/state', ['--detach']],
])('up on %s %s names the remedy and exits with 73', async (folder, flags) => {
  const args = ['--state-folder', folder, 'up', '--plain', ...flags];
  const { exitCode, stderr } = await project.cli(args, { reject: false });
  expect(stderr).toMatch(
    /The state folder .* cannot be used \(.*\)\. Name another with `state` in the config/u,
  );
  expect(stderr).not.toContain(' at ');
  expect(exitCode).toBe(73);
});

test('before the first start there is no log', async () => {
  const { stderr, exitCode } = await project.cli(['logs']);
  expect(stderr).toBe(`There is no log yet at ${project.state.logFile}.`);
  expect(exitCode).toBe(0);
});

test.each([
  'state: state\nflow: nonsense\n',
  'state: state\nagents: [{"\n',
  'agents: {a: *b}\nstate: state\n',
])('a daemon is seen and ended while its config is broken: %j', async (broken) => {
  await project.up();
  await writeFile(project.path('orchestra.yaml'), broken);
  expect((await project.cli(['status'])).stdout).toContain(`pid ${project.daemon.pid}`);
  expect((await project.cli(['down'])).stdout).toBe('down');
  expect((await project.daemon.ended).exitCode).toBe(0);
});
