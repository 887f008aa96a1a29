/** A holder that has lost its lease: its push, its result and its labels are refused, by the real daemon. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, expect, test } from 'vitest';
import { OrchestraProject } from './orchestra-project.ts';
import './patient.ts';
import { waitUntil } from './wait-until.ts';

let project: OrchestraProject;
afterEach(() => project.remove());

/** Commits, notes its environment, and waits to be told to go on. */
const holder = `
  echo x > "by-$ORCHESTRA_AGENT.txt"; git add -A; git commit -qm "by $ORCHESTRA_AGENT"
  env -0 > "$ORCHESTRA_FOLDER/env-$ORCHESTRA_TOKEN.draft"
  mv "$ORCHESTRA_FOLDER/env-$ORCHESTRA_TOKEN.draft" "$ORCHESTRA_FOLDER/env-$ORCHESTRA_TOKEN"
  until [ -e "$ORCHESTRA_FOLDER/go-$ORCHESTRA_TOKEN" ]; do sleep 0.05; done`;

const commandAgent = (script: string, more: object = {}) => ({
  roles: ['codegen'],
  adapter: 'command',
  command: ['sh', '-c', script],
  ...more,
});

async function start(agents: Record<string, object>, config: object = {}): Promise<void> {
  project = await OrchestraProject.create({ agents, issues: { '1-one': { title: 'One' } }, config });
  await project.up();
}

/** The environment of an agent's program under a claim: whoever has it acts as that program would. */
async function environmentOf(agent: string, token: number): Promise<Record<string, string>> {
  const file = join(project.state.agent(agent), `env-${token}`);
  const text = await waitUntil(`claim ${token} at work`, () => readFile(file, 'utf8').catch(() => undefined));
  const entries = text.split('\0').filter((entry) => entry !== '');
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}

const acting = (env: Record<string, string>, ...command: [string, ...string[]]) =>
  actingIn(join(project.state.worktrees, '1'), env, ...command);

const actingIn = (cwd: string, env: Record<string, string>, ...command: [string, ...string[]]) => {
  const [program, ...args] = command;
  return execa(program, args, {
    cwd,
    env,
    extendEnv: false,
    reject: false,
    all: true,
  });
};

const push = (env: Record<string, string>, to: string) =>
  acting(env, 'git', 'push', '-q', 'origin', `HEAD:refs/heads/${to}`);

const atOrigin = async (branch: string) =>
  (await execa('git', ['-C', project.path('origin.git'), 'branch', '--list', branch])).stdout !== '';

test('a claim that was taken back can neither push nor report; the one that followed can', async () => {
  await start({ kaede: commandAgent(holder) });
  const stale = await environmentOf('kaede', 1);
  expect(await push(stale, 'while-held')).toMatchObject({ exitCode: 0, all: '' });
  expect(await atOrigin('while-held')).toBe(true);

  await project.cli(['task', 'release', '1']);
  const present = await environmentOf('kaede', 2);
  await project.fact('the next try', ({ name, body }) => name === 'task.accepted' && body['token'] === 2);
  const refused = await push(stale, 'too-late');
  expect(refused.exitCode).not.toBe(0);
  expect(refused.all).toContain('orchestra: not pushed: task 1 was claimed anew since (token 2, not 1).');
  expect(await atOrigin('too-late')).toBe(false);

  const reported = await acting(stale, 'orchestra', 'task', 'done', '--note', 'I was first');
  expect(reported.exitCode).not.toBe(0);
  expect(reported.all).toContain('token 1 is not that of your assignment (2)');
  expect(JSON.parse((await project.cli(['task', 'show', '1', '--json'])).stdout)).toMatchObject({
    state: 'working',
    token: 2,
  });
  // What a refused report would have led to is not written either.
  await waitUntil(
    'the labels of the present claim',
    async () => /labels: \[.*status:in-progress.*assigned:kaede/u.test(await project.readIssue('1-one')),
    () => project.readIssue('1-one'),
  );

  expect((await push(present, 'in-time')).exitCode).toBe(0);
  await writeFile(join(project.state.agent('kaede'), 'go-2'), '');
  await project.fact('completion', ({ name }) => name === 'task.completed');
  // Its worktree is being taken away.
  const to = 'HEAD:refs/heads/after-the-end';
  const after = await actingIn(project.path('repository'), present, 'git', 'push', '-q', 'origin', to);
  expect(after.all).toContain('task 1 is done, nobody holds it');
});

test('an agent whose task another one holds by now can neither push from its worktree nor report', async () => {
  await start({ kaede: commandAgent(holder), sakura: commandAgent(holder) });
  const claimed = await project.fact('claim', ({ name }) => name === 'task.claimed');
  const first = String(claimed.body['agent']);
  const stale = await environmentOf(first, 1);
  // The other one is free while the first is on its way back.
  await waitUntil('the other one to hold it', async () => {
    await project.cli(['task', 'release', '1'], { reject: false });
    const { claim } = JSON.parse((await project.cli(['task', 'show', '1', '--json'])).stdout);
    return claim !== null && claim.agent !== first;
  });
  const refused = await push(stale, 'not-mine');
  expect(refused.exitCode).not.toBe(0);
  expect(refused.all).toMatch(
    /orchestra: not pushed: task 1 (is held by \w+ now|is waiting, nobody holds it)\./u,
  );
  expect((await acting(stale, 'orchestra', 'task', 'done')).exitCode).not.toBe(0);
  expect(await atOrigin('not-mine')).toBe(false);
});

test('a kept program, whose environment knows no claim, pushes by its task file and its worktree', async () => {
  const kept = `while read -r line; do
    case "$line" in "orchestra: task"*) orchestra task accept; env -0 > "$ORCHESTRA_FOLDER/draft"
      mv "$ORCHESTRA_FOLDER/draft" "$ORCHESTRA_FOLDER/env-kept" ;; esac
  done`;
  await start({ kaede: commandAgent(kept, { mode: 'kept', accept: 'report' }) });
  await project.fact('acceptance', ({ name }) => name === 'task.accepted');
  const text = await waitUntil('its environment', () =>
    readFile(join(project.state.agent('kaede'), 'env-kept'), 'utf8').catch(() => undefined),
  );
  expect(text).not.toContain('ORCHESTRA_TOKEN');
  const env = Object.fromEntries(
    text
      .split('\0')
      .filter((entry) => entry.includes('='))
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
  expect(await push(env, 'kept')).toMatchObject({ exitCode: 0, all: '' });
  await acting(env, 'orchestra', 'task', 'done');
  await project.fact('completion', ({ name }) => name === 'task.completed');
  const worktree = project.path('elsewhere');
  await execa('git', ['clone', '-q', project.path('origin.git'), worktree]);
  const later = await actingIn(worktree, env, 'git', 'push', '-q', 'origin', 'HEAD:refs/heads/later');
  expect(later.all).toContain('orchestra: not pushed: task 1 is done, nobody holds it.');
});

test('a push waits for a daemon that is being restarted, and then goes by what the record says', async () => {
  await start({ kaede: commandAgent(holder) });
  const env = await environmentOf('kaede', 1);
  project.daemon.kill('SIGKILL');
  await project.daemon.ended;
  const pushing = push(env, 'patient');
  await project.up();
  const pushed = await pushing;
  // Adopted, it holds its claim still; begun anew, it does so under the same claim.
  expect(pushed).toMatchObject({ exitCode: 0 });
  expect(await atOrigin('patient')).toBe(true);
});
