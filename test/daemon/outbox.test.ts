/** Results become comments and pushes, one each, whatever is away, refuses or dies in between. */
import { readFileSync, watch } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, expect, test } from 'vitest';
import { OrchestraProject, type ProjectOptions } from './orchestra-project.ts';
import './patient.ts';
import { waitUntil } from './wait-until.ts';

let project: OrchestraProject;
afterEach(() => project.remove());

const committing = 'echo x > "$ORCHESTRA_STAGE.txt"; git add -A; git commit -qm "$ORCHESTRA_STAGE"';

async function create(script: string, more: Partial<ProjectOptions> = {}): Promise<void> {
  const kaede = { roles: ['codegen', 'review'], adapter: 'command', command: ['sh', '-c', script] };
  project = await OrchestraProject.create({
    agents: { kaede },
    issues: { '1-one': { title: 'One' } },
    ...more,
  });
}

const comments = async () =>
  [...(await project.readIssue('1-one')).matchAll(/<!-- orchestra:comment (\S+) -->/gu)].map(
    ([, marker]) => marker,
  );

const written = (count: number) =>
  waitUntil(`${count} comments`, async () => (await comments()).length === count, comments);

const over = (name: string) => project.fact(name, (fact) => fact.name === name && fact.about === '1');

const outbox = async (): Promise<{ key: string; isGivenUp: boolean; reason?: string }[]> =>
  JSON.parse((await project.cli(['outbox', '--json'])).stdout);

/** The comment is there, and that is noted: the push is all that is left. */
const waitsAlone = () =>
  waitUntil(
    'the push alone',
    async () => {
      const waiting = await outbox();
      return waiting.length === 1 && waiting[0]?.key === '1.push.1';
    },
    outbox,
  );

const emptied = () => waitUntil('an empty outbox', async () => (await outbox()).length === 0, outbox);

/** Where the task's branch is at origin. */
async function atOrigin(): Promise<string> {
  const args = ['for-each-ref', '--format=%(objectname)', 'refs/heads/orchestra/'];
  return (await execa('git', ['-C', project.path('origin.git'), ...args])).stdout;
}

const ofTask = async () => (await project.git('rev-parse', 'orchestra/1-one')).stdout;

const hook = (name: string, script: string) =>
  writeFile(project.path('origin.git', 'hooks', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

test('a task that is done, failed or blocked has one comment that says so; idle means written', async () => {
  await create(
    `case "$ORCHESTRA_TASK" in
      1) ${committing}; orchestra task done --note "with *care*" ;;
      2) echo broken; exit 3 ;;
      3) orchestra task block --note "which licence?" ;;
    esac`,
    {
      issues: {
        '1-one': { title: 'One' },
        '2-two': { title: 'Two' },
        '3-three': { title: 'Three' },
      },
      config: { scheduler: { maxAttempts: 2 } },
    },
  );
  await project.start('--until-idle').ended;
  const [one, two, three] = await Promise.all(
    ['1-one', '2-two', '3-three'].map((name) => project.readIssue(name)),
  );
  for (const text of [one, two, three]) expect(text?.match(/orchestra:comment /gu)).toHaveLength(1);
  expect(one).toContain('**conductor**');
  expect(one).toContain('**Done.** Every stage of the flow is done.\n\n- codegen, kaede: with *care*');
  expect(two).toContain(
    '**Failed** at codegen: all 2 attempts are used up. A person decides how it goes on.',
  );
  expect(two).toContain('> the program ended with status 3');
  expect(two).toContain('`orchestra task retry 2`');
  expect(three).toContain('**Blocked** at codegen: kaede cannot go on without a person.\n\n> which licence?');
});

test('comments on every try, or on none, as the config says', async () => {
  await create('exit 3', {
    issues: { '1-one': { title: 'One' } },
    config: { tracker: { comments: 'all' }, scheduler: { maxAttempts: 2 } },
  });
  await project.start('--until-idle').ended;
  expect(await comments()).toHaveLength(2);
  expect(await project.readIssue('1-one')).toContain(
    'codegen failed, it is tried again, kaede.\n\n> the program ended with status 3',
  );
  await project.remove();

  await create('exit 3', { config: { tracker: { comments: 'none' }, scheduler: { maxAttempts: 1 } } });
  await project.start('--until-idle').ended;
  expect(await project.readIssue('1-one')).toContain('status:failed');
  expect(await comments()).toEqual([]);
});

test('a daemon that is killed as soon as the comment stands writes none a second time', async () => {
  await create('orchestra task block --note "which licence?"');
  await project.up();
  const file = join(project.path('issues'), '1-one.md');
  const strike = () => {
    if (readFileSync(file, 'utf8').includes('orchestra:comment')) project.daemon.kill('SIGKILL');
  };
  const watcher = watch(project.path('issues'), strike);
  // It may stand there already.
  strike();
  expect((await project.daemon.ended).signal).toBe('SIGKILL');
  watcher.close();
  await project.up();
  await emptied();
  expect(await comments()).toHaveLength(1);
  // A try after that is a result of its own.
  await project.cli(['task', 'retry', '1']);
  await written(2);
  expect(new Set(await comments()).size).toBe(2);
});

test('the branch is pushed after each stage, at the commit that is on record', async () => {
  await create(committing, { flow: ['codegen', 'review'], config: { push: 'stage' } });
  await hook('post-receive', `cat >> '${project.path('pushes')}'`);
  await project.up();
  await over('task.completed');
  await emptied();
  expect(await atOrigin()).toBe(await ofTask());
  const shown = JSON.parse((await project.cli(['task', 'show', '1', '--json'])).stdout);
  const recorded = shown.history.map(({ commit }: { commit?: string }) => commit);
  const { stdout } = await execa('cut', ['-d', ' ', '-f', '2', project.path('pushes')]);
  expect(recorded.at(-1)).toBe(await atOrigin());
  for (const pushed of stdout.split('\n')) expect(recorded).toContain(pushed);
});

test('killed between a push and its note, the next daemon sees that it is there and pushes no second time', async () => {
  await create(committing, { config: { push: 'done' } });
  const pid = project.path('pid');
  await hook(
    'post-receive',
    `cat >> '${project.path('pushes')}'; until [ -s '${pid}' ]; do sleep 0.05; done; kill -9 "$(cat '${pid}')"`,
  );
  await project.up();
  await writeFile(pid, String(project.daemon.pid));
  const { signal } = await project.daemon.ended;
  expect(signal).toBe('SIGKILL');
  expect(await atOrigin()).toBe(await ofTask());
  await project.up();
  await emptied();
  await over('task.pushed');
  expect((await execa('cat', [project.path('pushes')])).stdout.split('\n')).toHaveLength(1);
  await written(1);
});

test('an origin that is away is waited for; what waits is shown, and holds up nothing else', async () => {
  await create(committing, { issues: {}, config: { push: 'done' } });
  await project.up();
  // The remote is asked before the work begins as well, and is then away for both.
  await rename(project.path('origin.git'), project.path('away.git'));
  await project.writeIssue('1-one', { title: 'One' });
  await over('task.completed');
  await written(1);
  const delayed = await project.fact('delay', ({ name }) => name === 'node.outbox.delayed');
  expect(delayed.body['reason']).toContain('origin cannot be pushed to now');
  await waitsAlone();
  expect((await project.cli(['status'])).stdout).toMatch(
    /^1 comment or push waits.*: origin cannot be pushed to now.*\(`orchestra outbox`\)$/mu,
  );
  expect(JSON.parse((await project.cli(['status', '--json'])).stdout).outbox).toMatchObject({
    waiting: 1,
    givenUp: 0,
  });
  // What carries it out may die meanwhile.
  await project.cli(['tree', 'kill', 'work/outbox']);
  await rename(project.path('away.git'), project.path('origin.git'));
  await over('task.pushed');
  expect(await atOrigin()).toBe(await ofTask());
  await emptied();
  expect((await project.cli(['status'])).stdout).not.toContain('orchestra outbox');
});

test('an origin that refuses for good is given up, kept in sight, and tried again when a person says so', async () => {
  await create(committing, { config: { push: 'done' } });
  await hook('pre-receive', 'echo "no pushes on Sundays"; exit 1');
  await project.up();
  const { body } = await over('task.write.abandoned');
  expect(body).toMatchObject({ kind: 'push', reason: expect.stringContaining('no pushes on Sundays') });
  await waitsAlone();
  project.daemon.kill('SIGKILL');
  await project.daemon.ended;
  await project.up();
  expect(await outbox()).toMatchObject([{ key: '1.push.1', isGivenUp: true }]);
  expect((await project.cli(['status'])).stdout).toContain(
    '0 comments or pushes wait, 1 given up: origin refuses',
  );
  expect((await project.cli(['outbox'])).stdout).toMatch(/1\.push\.1 .*given up/u);
  expect((await project.cli(['doctor'], { reject: false })).stdout).toMatch(/outbox .*1 given up/u);
  await hook('pre-receive', 'exit 0');
  await project.cli(['outbox', 'retry', '1.push.1']);
  await over('task.pushed');
  expect(await atOrigin()).toBe(await ofTask());
  await emptied();
  expect((await project.cli(['outbox'])).stdout).toBe('nothing waits');
  const unknown = await project.cli(['outbox', 'drop', '1.push.1'], { reject: false });
  expect(unknown.stderr).toContain('there is no write "1.push.1" that was given up');
});
