/** A daemon in the background: what it says on standard error is kept, what it shows is not. */
import { readdir, readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OrchestraProject } from '../daemon/orchestra-project.ts';
import { waitUntil } from '../daemon/wait-until.ts';

let project: OrchestraProject;
beforeEach(async () => {
  project = await OrchestraProject.create({
    agents: { kaede: { roles: ['codegen'], adapter: 'command', command: ['true'] } },
    issues: { '1-one': { title: 'One' } },
  });
});
afterEach(async () => {
  await project.cli(['down'], { reject: false });
  await project.remove();
});

test('its facts go to the log alone, and a second one that is refused leaves its file as it is', async () => {
  const first = await project.cli(['up', '--detach']);
  expect(first.stdout).toMatch(/^up, pid \d+; /u);
  const files = async () =>
    (await readdir(project.state.root)).filter((name) => name.startsWith('daemon.err'));
  const said = () => readFile(project.path('state', 'daemon.err'), 'utf8');
  const before = await said();
  expect(before).toMatch(/^Starting /u);

  const second = await project.cli(['up', '--detach'], { reject: false });
  expect(second.exitCode).toBe(1);
  expect(second.stderr).toContain('already runs on');
  expect(await files()).toEqual(['daemon.err']);
  expect(await said()).toBe(before);
  await waitUntil('its first fact', async () =>
    (await readFile(project.state.logFile, 'utf8')).includes('node.started'),
  );
  expect(before).not.toMatch(/up, pid|discovered/u);
});
