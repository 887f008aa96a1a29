/** A backup with a write to the outside that still waits: after the restore it is made, once. */
import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { afterEach, expect, test } from 'vitest';
import { OrchestraProject } from '../daemon/orchestra-project.ts';
import { waitUntil } from '../daemon/wait-until.ts';

let project: OrchestraProject;
afterEach(() => project.remove());

const atOrigin = async () =>
  (
    await execa('git', [
      ...['-C', project.path('origin.git')],
      ...['for-each-ref', '--format=%(objectname)', 'refs/heads/orchestra/'],
    ])
  ).stdout;
const waiting = async (): Promise<{ key: string }[]> =>
  JSON.parse((await project.cli(['outbox', '--json'])).stdout);
const comments = async () => (await project.readIssue('1-one')).match(/orchestra:comment /gu)?.length ?? 0;

test('a push that waited for its remote is made once, and the comment that was made is not made again', {
  timeout: 240_000,
}, async () => {
  const script = `touch "$ORCHESTRA_FOLDER/at-it"; until [ -e "$ORCHESTRA_FOLDER/go" ]; do sleep 0.05; done
echo x > x.txt; git add -A; git commit -qm work`;
  project = await OrchestraProject.create({
    agents: { kaede: { roles: ['codegen'], adapter: 'command', command: ['sh', '-c', script] } },
    issues: { '1-one': { title: 'One' } },
    config: { push: 'done' },
  });
  await execa('git', ['-C', project.path('origin.git'), 'config', 'core.logAllRefUpdates', 'always']);
  await project.up();
  await waitUntil('the work', () => existsSync(`${project.state.agent('kaede')}/at-it`));
  await rename(project.path('origin.git'), project.path('away.git'));
  await writeFile(`${project.state.agent('kaede')}/go`, '');
  await project.fact('the delay', ({ name }) => name === 'node.outbox.delayed');
  await waitUntil('the comment', async () => (await comments()) === 1);
  await waitUntil('the push to be all that waits', async () => (await waiting()).length === 1);
  await project.cli(['backup', 'backup.tar.gz']);
  await project.cli(['down']);
  await project.daemon.ended;
  await rename(project.state.root, project.path('lost'));

  await project.cli(['restore', 'backup.tar.gz']);
  await rename(project.path('away.git'), project.path('origin.git'));
  await project.up();
  await waitUntil('the push', async () => (await waiting()).length === 0 && (await atOrigin()) !== '');
  expect(await atOrigin()).toBe((await project.git('rev-parse', 'orchestra/1-one')).stdout);
  const reflog = ['-C', project.path('origin.git'), 'reflog', 'refs/heads/orchestra/1-one'];
  expect((await execa('git', reflog)).stdout.split('\n')).toHaveLength(1);
  expect(await comments()).toBe(1);
});
