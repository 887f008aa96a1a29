import { readFile, stat } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { expectNothingRuns } from './nothing-runs.ts';
import { OrchestraProject } from './orchestra-project.ts';
import './patient.ts';
import { processesOf } from './processes-of.ts';
import { waitUntil } from './wait-until.ts';

let project: OrchestraProject;
const stubborn = ['sh', '-c', "trap '' TERM HUP INT; setsid sleep 1000 & while :; do sleep 0.1; done"];

beforeEach(async () => {
  project = await OrchestraProject.create({
    agents: {
      kaede: { roles: ['codegen'], adapter: 'command', command: stubborn },
      sakura: { roles: ['other'], adapter: 'command', mode: 'kept', accept: 'none', command: ['cat'] },
    },
    issues: { '1-one': { title: 'One' } },
  });
  await project.up();
  await project.fact('task 1 under way', ({ name }) => name === 'task.accepted');
});
afterEach(() => project.remove());

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s drains and leaves no process behind, stubborn ones included',
  async (signal) => {
    project.daemon.kill(signal);
    const { exitCode } = await project.daemon.ended;
    expect(exitCode).toBe(0);
    await expectNothingRuns(project.folder);
    await expect(stat(project.state.daemonFile)).rejects.toThrow('ENOENT');
    const stopping = (await project.loggedFacts()).filter(({ name }) => name === 'node.stopping');
    expect(stopping.map(({ body }) => body['by'])).toEqual([signal]);
  },
);

test('a second signal ends at once, and still leaves nothing behind', async () => {
  project.daemon.kill('SIGTERM');
  await project.fact('going down', ({ name }) => name === 'node.stopping');
  project.daemon.kill('SIGTERM');
  const { exitCode } = await project.daemon.ended;
  expect([0, 128 + 15]).toContain(exitCode);
  await expectNothingRuns(project.folder);
});

test('a second `up` on one state folder is refused and disturbs nothing', async () => {
  const { exitCode, all } = await project.start().ended;
  expect(all).toMatch(/An orchestra already runs on .* \(pid \d+\)/u);
  expect(exitCode).toBe(1);
  const { stdout } = await project.cli(['status', '--json']);
  expect(JSON.parse(stdout).pid).toBe(project.daemon.pid);
});

test('`orchestra down` ends it; afterwards every command says that none runs', async () => {
  await project.cli(['down']);
  expect((await project.daemon.ended).exitCode).toBe(0);
  const { exitCode, stderr } = await project.cli(['status'], { reject: false });
  expect(exitCode).toBe(69);
  expect(stderr).toMatch(/Start one with `(?:npx )?orchestra up`/u);
});

test("other people's programs in its tmux server outlive it, also in a split of an agent's window", async () => {
  const [window] = (await project.tmux('list-panes', '-a', '-F', '#{@orchestra_agent} #{window_id}'))
    .split('\n')
    .filter((line) => line.startsWith('kaede'));
  await project.tmux('new-session', '-d', '-s', 'mine', 'exec sleep 1000');
  await project.tmux('split-window', '-d', '-t', window?.split(' ')[1] ?? '', 'exec sleep 1000');
  const listed = async () =>
    (await project.tmux('list-panes', '-a', '-F', '#{pane_pid} #{pane_current_command}')).split('\n');
  // Each is a shell at first.
  const theirs = await waitUntil('both to run', async () => {
    const sleeping = (await listed()).filter((line) => line.endsWith(' sleep'));
    return sleeping.length === 2 && sleeping;
  });
  await project.cli(['down']);
  await project.daemon.ended;
  expect((await listed()).sort()).toEqual(theirs.sort());
  const facts = await project.loggedFacts();
  expect(facts.filter(({ name }) => name === 'node.panes.left')).toHaveLength(1);
  await project.tmux('kill-server');
});

test('a daemon that was killed is followed by one that goes on with its task', async () => {
  project.daemon.kill('SIGKILL');
  await project.daemon.ended;
  const from = project.facts.length;
  await project.up();
  await project.fact('adopted', ({ name, body }) => name === 'agent.adopted' && body['task'] === '1', from);
  const sleepers = async () =>
    (await processesOf(project.folder)).filter(({ command }) => command === 'sleep 1000');
  await waitUntil('the program to be there', async () => (await sleepers()).length > 0);
  expect(await sleepers()).toHaveLength(1);
  expect(await readFile(project.state.lockFile, 'utf8')).toContain(String(project.daemon.pid));
});
