/** `orchestra replay` where there is no terminal: lines, JSON, what it refuses, and what it says when there is nothing. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { transitionSubject } from '../../src/bus/stream-definitions.ts';
import { Transition } from '../../src/inspection/transition.ts';
import { OrchestraProject } from '../daemon/orchestra-project.ts';
import { waitUntil } from '../daemon/wait-until.ts';

let project: OrchestraProject;
beforeAll(async () => {
  project = await OrchestraProject.create({
    agents: {
      kaede: { roles: ['codegen'], adapter: 'command', mode: 'task', command: ['true'] },
      sakura: { roles: ['codegen'], adapter: 'command', mode: 'task', command: ['true'] },
    },
  });
  await project.up();
  await waitUntil('the start to be recorded', async () => {
    const { stdout } = await replay('--from', '1h');
    return /\n\S+ \S+ orchestra {2}initializing → running/u.test(stdout);
  });
});
afterAll(() => project.remove());

const replay = (...args: string[]) => project.cli(['replay', ...args], { reject: false });

test('a line a transition, with its time, place, states and cause', async () => {
  const { stdout } = await replay('--from', '1h');
  expect(stdout).toMatch(
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} broker\/bus {2}opening → open {2}by openResource done$/mu,
  );
  expect(stdout).toMatch(/ broker\/journal {2}started in opening$/mu);
});

test('one JSON object a line, as the journal has it', async () => {
  const { stdout } = await replay('--from', '1h', '--json');
  const all = stdout.split('\n').map((line) => JSON.parse(line));
  for (const one of all) expect(Transition.safeParse(one).success).toBe(true);
  expect(all[0]).toMatchObject({ node: 'local', boot: expect.any(String) });
  expect(all[0]).not.toHaveProperty('standing');
});

test('only one agent, only a span', async () => {
  const lines = (await replay('--from', '1h', '--agent', 'kaede')).stdout.split('\n');
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) expect(line).toMatch(/agent:kaede|eye:kaede/u);
  const json = (await replay('--from', '1h', '--json')).stdout.split('\n').map((line) => JSON.parse(line));
  const [from, to] = [json[2].at, json[4].at].map((at) => new Date(at).toISOString());
  const span = (await replay('--from', from ?? '', '--to', to ?? '', '--json')).stdout.split('\n');
  expect(span).toHaveLength(json.filter(({ at }) => at >= json[2].at && at <= json[4].at).length);
});

test('what is wrong with a time is said with examples', async () => {
  for (const wrong of ['yesterday', '25:00', '2026-02-30']) {
    const { exitCode, stderr } = await replay('--from', wrong);
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(/18:03.*2026-11-22T18:03:12Z.*10m/u);
  }
  expect((await replay('--from', '2099-01-01')).stderr).toContain('still to come');
  const turned = await replay('--from', '5m', '--to', '10m');
  expect(turned).toMatchObject({ exitCode: 64, stderr: expect.stringMatching(/^--to .* is before --from/u) });
  expect((await replay()).stderr).toContain("required option '--from <time>'");
  expect((await replay('--from', '1h', '--agent', '*')).exitCode).toBe(64);
});

test('from long before there was a journal: all that it has', async () => {
  const first = (found: { stdout: string }) => found.stdout.split('\n')[0];
  const expected = first(await replay('--from', '1h'));
  for (const early of ['0000-01-01', '1677-01-01', '400y', '2030y']) {
    const found = await replay('--from', early);
    expect(found).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first(found)).toBe(expected);
  }
  const page = await replay('--from', '2030y', '--page');
  expect(page.stdout).toMatch(/^http:\/\/127\.0\.0\.1/u);
});

test('nothing in the span: from when to when there is something', async () => {
  const none = await replay('--from', '3h', '--to', '2h');
  expect(none).toMatchObject({ exitCode: 0, stdout: '' });
  expect(none.stderr).toMatch(
    /^Nothing was recorded from .* to .*\.\nThe journal reaches from \d{4}.* to \d{4}/u,
  );
});

test('an agent that is none: the one that was meant', async () => {
  for (const extra of [[], ['--page']]) {
    const none = await replay('--from', '1h', '--agent', 'kaedee', ...extra);
    expect(none).toMatchObject({ exitCode: 64, stdout: '' });
    expect(none.stderr).toContain('There is no agent "kaedee". Did you mean "kaede"?');
  }
});

test('recorded text with control characters reaches no terminal, and what cannot be read is told', async () => {
  const from = new Date();
  await pause(5);
  const hostile = 'a\u001b[31m\u009b31mb\u202ec\u2028d';
  const transition = {
    at: Date.now(),
    path: `services/${hostile}`,
    machine: hostile,
    life: 'x:9',
    event: hostile,
    from: null,
    to: { [hostile]: hostile },
    status: 'active',
    edges: [],
  };
  const page = { boot: 'other', node: 'other', sequence: 1, transitions: [transition, { at: 'never' }] };
  await project.bus.publish(transitionSubject('other'), page);
  for (const extra of [[], ['--json']]) {
    const { stdout, stderr } = await replay('--from', from.toISOString(), ...extra);
    expect(stdout).toContain('services/a');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u2028\u2029\p{Bidi_Control}]/u);
    expect(stderr).toContain('Left out because they cannot be read: 1.');
  }
});

test('without a daemon it says how to start one', async () => {
  const asleep = await OrchestraProject.create({
    agents: { kaede: { roles: ['codegen'], adapter: 'command', command: ['true'] } },
  });
  onTestFinished(() => asleep.remove());
  for (const extra of [[], ['--page']]) {
    const found = await asleep.cli(['replay', '--from', '1h', ...extra], { reject: false });
    expect(found).toMatchObject({ exitCode: 69, stdout: '' });
    expect(found.stderr).toMatch(/^No orchestra runs on .*orchestra up/u);
  }
});

test('inside a pane it is refused', async () => {
  const env = { ORCHESTRA_AGENT: 'kaede' };
  const { exitCode, stderr } = await project.cli(['replay', '--from', '1h'], { reject: false, env });
  expect(exitCode).toBe(64);
  expect(stderr).toContain('Only people use this');
});

test('--page gives a link to the page', async () => {
  const { stdout } = await replay('--from', '1h', '--agent', 'kaede', '--page');
  expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/open\/\S+$/mu);
});
