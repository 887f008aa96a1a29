/** `orchestra tree` and `orchestra tree kill` as they are typed, on a real daemon. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OrchestraProject } from '../daemon/orchestra-project.ts';

let project: OrchestraProject;
const kaede = 'ensemble/agents/agent:kaede';

beforeAll(async () => {
  project = await OrchestraProject.create({
    agents: { kaede: { symbol: '🎹', roles: ['codegen'], adapter: 'command', command: ['true'] } },
    config: { restart: { intensity: 1, period: 60 } },
  });
  await project.up();
});
afterAll(() => project.remove());

const tree = (...args: string[]) => project.cli(['tree', ...args], { reject: false });

test('the whole tree, without colours where there is no terminal', async () => {
  const { stdout } = await tree();
  expect(stdout).toMatch(/^CHILD +RESTART +UP +STATE$/mu);
  expect(stdout).toMatch(/^orchestra +\d+ m?s +running rest_for_one 0\/3 in 60 s$/mu);
  expect(stdout).toMatch(/^│ {5}└─ agent:kaede 🎹 +transient +\d+ m?s +running rest_for_one 0\/1 in 60 s$/mu);
  expect(stdout).not.toContain('\u001b');
});

test('a part of it, and everything as JSON', async () => {
  const { stdout } = await tree(`${kaede}/`);
  expect(stdout.split('\n').map((line) => /[\w:/]+/u.exec(line)?.[0])).toEqual([
    'CHILD',
    'agent:kaede',
    'pane',
    'session',
    'work',
    'mailbox',
  ]);
  const whole = JSON.parse((await tree('--json')).stdout);
  expect(whole).toMatchObject({ path: '', strategy: 'rest_for_one', period: 60, phase: 'running' });
  expect(whole).toMatchObject({ id: 'orchestra', state: 'running', uptime: expect.any(Number) });
  const part = JSON.parse((await tree(kaede, '--json')).stdout);
  expect(part).toMatchObject({ path: kaede, restart: 'transient', supervisor: { intensity: 1 } });
});

test.each(['', '/', 'orchestra', 'orchestra/'])('%j is the root', async (path) => {
  expect((await tree(path)).stdout).toContain('services');
});

test('a path may begin with the root', async () => {
  expect((await tree('orchestra/broker')).stdout).toMatch(/^broker /mu);
  expect((await tree('kill', 'orchestra/services/http')).stdout).toMatch(/^killed services\/http /u);
});

test('what was typed cannot act on the terminal in the answer', async () => {
  for (const args of [['a\u001b[31m'], ['kill', 'a\u001b[31m'], ['--a\u001b[31m']]) {
    const { exitCode, stderr } = await tree(...args);
    expect(stderr).toContain('[31m');
    expect(stderr).not.toContain('\u001b');
    expect(exitCode).toBe(64);
  }
});

test.each([
  [['kaede'], `There is no "kaede" in the supervision tree. Did you mean ${kaede}?`],
  [['kill', 'broker/nats'], 'There is no "broker/nats" in the supervision tree. Did you mean broker?'],
  [['kill', 'orchestra'], 'The root is ended with `orchestra down`, not killed.'],
])('%j is refused', async (args, message) => {
  const { exitCode, stderr } = await tree(...args);
  expect(stderr).toContain(message);
  expect(exitCode).toBe(64);
});

test('an agent may neither look nor kill', async () => {
  const env = { ORCHESTRA_AGENT: 'kaede' };
  for (const args of [['tree'], ['tree', 'kill', 'broker']]) {
    const { exitCode, stderr } = await project.cli(args, { reject: false, env });
    expect(stderr).toContain('Only people use this');
    expect(exitCode).toBe(64);
  }
});

test('a kill tells which child died, and what its supervisor did; too often, and it gives up', async () => {
  expect((await tree('kill', `${kaede}/session`)).stdout.split('\n')).toEqual([
    `killed ${kaede}/session (session#1)`,
    `${kaede}/session was restarted as session#2, reason: killed`,
    'with it, as rest_for_one says: work, mailbox',
    `${kaede}: 1/1 restarts in 60 s`,
  ]);
  expect((await tree('kill', `${kaede}/pane`)).stdout.split('\n')).toEqual([
    `killed ${kaede}/pane (pane#1)`,
    `${kaede} ended over it: too many restarts of pane`,
    `${kaede} is in quarantine: more than 1 restart within 60 s, at last of pane: killed`,
    'ensemble/agents: 0/10 restarts in 60 s',
  ]);
  const { stderr } = await tree('kill', kaede);
  expect(stderr).toContain(`${kaede} is quarantined; only what runs can be killed`);
  expect((await tree(kaede)).stdout).toMatch(
    /quarantined for \d+ m?s \(`.*orchestra agents revive kaede`\): more than/u,
  );
});

test('also what answers can be killed, and what the answer comes by', async () => {
  expect((await tree('kill', 'services/control')).stdout).toContain(
    'services/control was restarted as control#2',
  );
  expect((await tree('kill', 'broker')).stdout).toContain('broker was restarted as broker#2, reason: killed');
});
