/** `orchestra inspect` on a terminal: what it says where no browser can be opened. */
import { mkdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OrchestraProject } from '../daemon/orchestra-project.ts';

let project: OrchestraProject;
beforeAll(async () => {
  const kaede = { roles: ['codegen'], adapter: 'command', command: ['sleep', '3000'] };
  project = await OrchestraProject.create({ agents: { kaede } });
  await project.up();
});
afterAll(() => project.remove());

const inspect = (env: Record<string, string>) => project.cli(['inspect'], { env });

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
  // xdg-open(1) would take any program for HTML that it finds by these, and be it an editor.
  await mkdir(project.path('bin'));
  await writeFile(project.path('bin/run-mailcap'), '#!/bin/sh\nexit 1\n', { mode: 0o700 });
  const nothing = { XDG_DATA_DIRS: project.path('bin'), XDG_DATA_HOME: project.path('bin') };
  const PATH = `${project.path('bin')}:${process.env['PATH']}`;
  const { stdout } = await inspect({
    SSH_CONNECTION: '',
    DISPLAY: ':4711',
    BROWSER: 'false',
    PATH,
    ...nothing,
  });
  expect(stdout.split('\n').at(-1)).toBe(
    'No browser could be started: open it yourself, once, within two minutes.',
  );
});
