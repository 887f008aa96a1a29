/** `orchestra inspect` on a terminal: what it says where no browser can be opened. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OrchestraProject } from '../daemon/orchestra-project.ts';

let project: OrchestraProject;
beforeAll(async () => {
  const kaede = { roles: ['codegen'], adapter: 'command', command: ['sleep', '3000'] };
  project = await OrchestraProject.create({ agents: { kaede } });
  await project.up();
});
afterAll(() => project.remove());

const inspect = (env: NodeJS.ProcessEnv) => project.cli(['inspect'], { env });

test('over SSH: the tunnel first, then the link, and how long it is good', async () => {
  const { stdout } = await inspect({ SSH_CONNECTION: '192.0.2.7 50000 192.0.2.1 22' });
  expect(stdout.split('\n')).toEqual([
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/open\//u),
    'Your browser is elsewhere: first run there',
    expect.stringMatching(/^ {2}ssh -N -L /u),
    'then open the link: once, within two minutes.',
  ]);
});

test('with a screen that shows no browser it says so', async () => {
  const { stdout } = await inspect({ SSH_CONNECTION: '', DISPLAY: ':4711', BROWSER: 'false' });
  expect(stdout.split('\n').at(-1)).toBe(
    'No browser could be started: open it yourself, once, within two minutes.',
  );
});
