/** A backup that is ended on its way leaves nothing behind; of one that was killed, the next one clears up. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withOwnServer } from '../../src/backup/store-access.ts';
import { orchestraStreams } from '../../src/bus/stream-definitions.ts';
import { ensureStreams } from '../../src/bus/streams.ts';
import { createStateFolder } from '../../src/state-folder/state-folder.ts';
import { orchestraCommand } from '../daemon/daemon-process.ts';
import { OrchestraProject } from '../daemon/orchestra-project.ts';
import { processesOf } from '../daemon/processes-of.ts';
import { waitUntil } from '../daemon/wait-until.ts';

let project: OrchestraProject;

/** So much that it takes a while, and git, which comes last, waits for `goOn`: no signal comes too late. */
beforeEach(async () => {
  project = await OrchestraProject.create({
    agents: { kaede: { roles: ['codegen'], adapter: 'command', command: ['true'] } },
  });
  await mkdir(project.path('bin'));
  const git = `#!/bin/sh
PATH=\${PATH#*:}
if ls '${project.folder}'/backup.tar.gz.*.partial >/dev/null 2>&1
then until [ -e '${project.path('go')}' ]; do sleep 0.05; done; fi
exec git "$@"
`;
  await writeFile(project.path('bin', 'git'), git, { mode: 0o755 });
  await createStateFolder(project.state);
  await withOwnServer({ state: project.state, server: undefined }, async (bus) => {
    await ensureStreams(bus, orchestraStreams({ eventSubjects: ['orchestra.task.*.x'] }));
    for (let n = 0; n < 120; n += 1)
      await bus.publish('orchestra.agent.kaede.inbox', randomBytes(125_000).toString('hex'));
  });
});
afterEach(() => project.remove());

const begin = () =>
  spawn(process.execPath, [orchestraCommand, 'backup', 'backup.tar.gz'], {
    cwd: project.folder,
    stdio: 'ignore',
    env: { ...process.env, PATH: `${project.path('bin')}:${process.env['PATH']}` },
  });
const goOn = () => writeFile(project.path('go'), '');
const drafts = async () => (await readdir(project.folder)).filter((name) => name.startsWith('backup.tar.gz'));

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends it by that signal, when all is cleared up',
  async (signal) => {
    const backup = begin();
    const ended = once(backup, 'close');
    await waitUntil('the draft', async () => (await drafts()).length > 0);
    backup.kill(signal);
    await goOn();
    expect(await ended).toEqual([null, signal]);
    expect(await drafts()).toEqual([]);
    expect(await processesOf(project.folder)).toEqual([]);
  },
);

test('what one that was killed has left is removed by the next one to the same file, and nothing else', async () => {
  const backup = begin();
  const ended = once(backup, 'close');
  await waitUntil('the draft', async () => (await drafts()).length > 0);
  backup.kill('SIGKILL');
  await ended;
  await goOn();
  // It may have come as far as to git, which has a draft of its own.
  const left = (await drafts()).filter((name) => !name.startsWith(`backup.tar.gz.${backup.pid}.git-`));
  expect(left).toEqual([`backup.tar.gz.${backup.pid}.partial`]);
  const others = [`backup.tar.gz.${process.pid}.partial`, `backup.tar.gz.${backup.pid}.old`];
  for (const name of others) await writeFile(project.path(name), '');
  // Its nats-server dies with it, a moment later.
  await waitUntil(
    'the next one',
    async () => (await project.cli(['backup', 'backup.tar.gz'], { reject: false })).exitCode === 0,
  );
  expect((await drafts()).toSorted()).toEqual(['backup.tar.gz', ...others].toSorted());
});
