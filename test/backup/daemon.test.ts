/** Backup and restore of a whole orchestra: everything is as it was, and a restore that dies leaves nothing that runs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Fact } from '../../src/events/facts.ts';
import { orchestraCommand } from '../daemon/daemon-process.ts';
import { OrchestraProject } from '../daemon/orchestra-project.ts';
import { waitUntil } from '../daemon/wait-until.ts';
import { natsServerBinary } from '../nats-server/launched-server.ts';

let project: OrchestraProject;

const work = `case $ORCHESTRA_TASK in
  2) exit 3 ;;
  3) orchestra task block --note "which licence?" ;;
  4) echo half > half.txt; touch "$ORCHESTRA_FOLDER/at-it"; until [ -e "$ORCHESTRA_FOLDER/go" ]; do sleep 0.05; done; git add -A; git commit -qm work ;;
  *) echo done > "$ORCHESTRA_TASK.txt"; git add -A; git commit -qm work ;;
esac`;

beforeEach(async () => {
  project = await OrchestraProject.create({
    agents: {
      kaede: { roles: ['codegen'], adapter: 'command', command: ['sh', '-c', work] },
      sakura: { roles: ['other'], adapter: 'command', mode: 'kept', command: ['false'] },
    },
    issues: {
      '1-one': { title: 'One', priority: 0 },
      '2-two': { title: 'Two', priority: 0 },
      '3-three': { title: 'Three', priority: 0 },
      '4-four': { title: 'Four' },
      '5-five': { title: 'Five', blocked_by: [4] },
    },
    config: { scheduler: { maxAttempts: 2 }, restart: { intensity: 1 } },
  });
  await project.up();
  await project.fact('the quarantine', ({ name }) => name === 'agent.quarantined');
  await project.cli(['send', 'sakura', 'are you there?']);
  await project.cli(['send', 'kaede', 'use tabs']);
  await project.bus.publish('orchestra.agent.kaede.inbox', '');
  await project.fact('the dead letter', ({ name }) => name === 'agent.message.rejected');
  await project.fact('the message', ({ name }) => name === 'agent.message.delivered');
  await waitUntil('task 4 under way', () => existsSync(`${project.state.agent('kaede')}/at-it`));
}, 240_000);
afterEach(() => project.remove());

/** Up to 18 s on a quiet machine. */
const limit = { timeout: 300_000 };

const backup = () => project.path('backup.tar.gz');
const tasks = async () =>
  (JSON.parse((await project.cli(['tasks', '--json'])).stdout) as { id: string }[]).toSorted((one, other) =>
    one.id.localeCompare(other.id),
  );
/** Read by the CLI: after a restore every key is new, also that of the test's own connection. */
const facts = async (...about: string[]): Promise<Fact[]> =>
  (await project.cli(['events', '--json', ...about])).stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
const told = (facts: readonly Fact[], name: Fact['name']) => facts.filter((fact) => fact.name === name);
const inbox = async (agent: string) => JSON.parse((await project.cli(['inbox', agent, '--json'])).stdout);
const refused = (...args: string[]) => project.cli(args, { reject: false });

async function loseEverything(): Promise<void> {
  await project.cli(['down']);
  await project.daemon.ended;
  await rename(project.state.root, project.path('lost'));
}

test(
  'taken while it runs and restored, tasks, messages, dead letters, quarantine and unfinished work are as they were',
  limit,
  async () => {
    const before = { tasks: await tasks(), sakura: await inbox('sakura'), kaede: await inbox('kaede') };
    const { stdout } = await project.cli(['backup', 'backup.tar.gz']);
    expect(stdout).toMatch(/^\S+backup\.tar\.gz, [\d.]+ kB$/mu);
    expect(stdout).toContain('4 branches of tasks, 1 worktree with changes that were not committed');
    expect(stdout).toContain('Not in it: keys');
    expect((await stat(backup())).mode & 0o777).toBe(0o600);
    expect((await project.cli(['backup', '--verify', 'backup.tar.gz'])).stdout).toContain(
      'is whole and undamaged',
    );
    expect((await project.cli(['doctor'])).stdout).toMatch(/backup +\S+backup\.tar\.gz, /u);
    await loseEverything();

    const restored = await project.cli(['restore', 'backup.tar.gz']);
    expect(restored.stdout).toContain('Every key is new');
    expect(await readFile(`${project.state.worktrees}/4/half.txt`, 'utf8')).toBe('half\n');
    await project.up();
    const is = await tasks();
    expect(is.filter(({ id }) => id !== '4')).toEqual(before.tasks.filter(({ id }) => id !== '4'));
    // Whoever held it is not here: for no fault of the try.
    expect(told(await facts('--about', '4'), 'task.restarted')).toEqual([]);
    expect(await inbox('sakura')).toEqual(before.sakura);
    expect(await inbox('kaede')).toEqual(before.kaede);
    expect((await project.cli(['agents'])).stdout).toMatch(/sakura +other +quarantined/u);

    // Higher than any that was given between the backup and the loss.
    const { token } = JSON.parse((await project.cli(['task', 'show', '4', '--json'])).stdout);
    expect(token).toBeGreaterThan(1_000);
    await waitUntil('task 4 under way', () => existsSync(`${project.state.agent('kaede')}/at-it`));
    await writeFile(`${project.state.agent('kaede')}/go`, '');
    await waitUntil(
      'task 5 done',
      async () => told(await facts('--about', '5'), 'task.completed').length === 1,
    );
    expect(told(await facts('--about', '4'), 'task.completed')).toHaveLength(1);
    // It comes after all that kaede has had: none of those is handled again.
    await project.cli(['send', 'kaede', 'the last one']);
    const delivered = async () => told(await facts('--about', 'kaede'), 'agent.message.delivered');
    await waitUntil('the last message', async () => (await delivered()).length > 1);
    expect(await delivered()).toHaveLength(2);
    expect(told(await facts('--about', 'kaede'), 'agent.message.rejected')).toHaveLength(1);
  },
);

test('taken while nothing runs it holds the same', limit, async () => {
  await project.cli(['down']);
  await project.daemon.ended;
  const { streams } = JSON.parse((await project.cli(['backup', backup(), '--json'])).stdout);
  expect(streams.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining([
      'ORCH_INBOX',
      'ORCH_EVENTS',
      'KV_orch_tasks',
      'KV_orch_agents',
      'KV_orch_ledger',
    ]),
  );
  expect(existsSync(project.state.lockFile)).toBe(false);
});

test('nothing that is there is overwritten', limit, async () => {
  await project.cli(['backup', backup()]);
  const running = await refused('restore', backup());
  expect(running.stderr).toContain('An orchestra runs on');
  expect(running.stderr).toContain('`orchestra down`');
  expect(running.exitCode).toBe(1);
  await project.cli(['down']);
  await project.daemon.ended;
  const full = await refused('restore', backup());
  expect(full.stderr).toContain('is not empty');
  expect(full.stderr).toContain(`mv ${project.state.root}`);
  const forced = await refused('restore', '--force', backup());
  expect(forced.stderr).toContain('There is no --force');
  const mistaken = await refused('backup', 'orchestra.yaml');
  expect(mistaken.stderr).toContain('is there already and is no backup');
  expect(await readFile(project.path('orchestra.yaml'), 'utf8')).toContain('agents:');
});

test(
  'a restore that is killed leaves a folder that says so, on which nothing runs until it is repeated',
  limit,
  async () => {
    await project.cli(['backup', backup()]);
    await loseEverything();
    const restoring = spawn(process.execPath, [orchestraCommand, 'restore', backup()], {
      cwd: project.folder,
      env: { ...process.env, ORCHESTRA_NATS_SERVER: await waitingServer() },
    });
    await waitUntil('the mark', () => existsSync(project.state.restoreFile));
    restoring.kill('SIGKILL');
    await once(restoring, 'close');

    const up = await refused('up', '--plain');
    expect(up.stderr).toContain('holds half a state');
    expect(up.stderr).toContain(`orchestra restore ${backup()}`);
    expect(up.exitCode).toBe(1);
    expect((await refused('backup', project.path('other.tar.gz'))).stderr).toContain('holds half a state');
    expect((await refused('doctor')).stdout).toMatch(/✘ backup +\S+ holds half a state/u);

    // nats-server dies with whoever started it, a moment later.
    await waitUntil('the restore', async () => (await refused('restore', backup())).exitCode === 0);
    expect(existsSync(project.state.restoreFile)).toBe(false);
    await project.up();
    expect((await tasks()).map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5']);
  },
);

/** A nats-server that says its version and does not begin to work: with it a restore is under way for long. */
async function waitingServer(): Promise<string> {
  const { binary } = await natsServerBinary();
  const file = project.path('waiting-server');
  await writeFile(file, `#!/bin/sh\n[ "$1" = -c ] && exec sleep 1000\nexec '${binary}' "$@"\n`, {
    mode: 0o755,
  });
  return file;
}

test('a damaged file changes nothing', limit, async () => {
  await project.cli(['backup', backup()]);
  await loseEverything();
  const whole = await readFile(backup());
  await writeFile(backup(), whole.subarray(0, whole.length - 100));
  const { stderr, exitCode } = await refused('restore', backup());
  expect(stderr).toContain('is not whole, its end is missing');
  expect(exitCode).toBe(1);
  expect(existsSync(project.state.root)).toBe(false);
  await rm(backup());
  expect((await refused('restore', backup())).stderr).toContain('cannot be read');
});
