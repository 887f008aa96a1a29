/** What an earlier daemon left and cannot be proven is ended with all it has started, and started anew; strangers are left alone. */
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { processStartTime } from '../../src/processes/process-start-time.ts';
import { isRunning, readProcess } from '../../src/processes/process-table.ts';
import type { OrchestraProject } from './orchestra-project.ts';
import './patient.ts';
import { processesOf } from './processes-of.ts';
import { waitUntil } from './wait-until.ts';
import {
  allow,
  createWitnessed,
  judgement,
  keptWitness,
  killDaemon,
  programOf as latestProgramOf,
  taskFact,
  taskWitness,
  written,
} from './witnesses.ts';

let project: OrchestraProject;
const config = { kaede: taskWitness, sakura: keptWitness };

beforeEach(async () => {
  project = await createWitnessed(config, { issues: { '1-one': { title: 'One', labels: ['kaede'] } } });
  await allow(project, 'sakura', 'accept');
  await project.up();
  await taskFact(project, 'task.accepted');
  await project.fact(
    'sakura idle',
    ({ about, body }) => about === 'sakura' && body['availability'] === 'idle',
  );
  for (const agent of ['kaede', 'sakura']) await programOf(agent);
  await killDaemon(project);
});
afterEach(() => project.remove());

/** The next daemon, and what it made of both. */
async function upAgain(): Promise<{ kaede: string; sakura: string }> {
  const from = project.facts.length;
  await project.up();
  return {
    kaede: await judgement(project, 'kaede', from),
    sakura: await judgement(project, 'sakura', from),
  };
}

const programOf = (agent: string) => latestProgramOf(project, agent);
const starts = async (agent: string) => (await written(project, agent, 'starts')).length;
const startedTwice = (agent: string) =>
  waitUntil(`another program of ${agent}`, async () => (await starts(agent)) === 2);
const paneOf = async (agent: string) => {
  const lines = (await project.tmux('list-panes', '-a', '-F', '#{@orchestra_agent} #{pane_id}')).split('\n');
  return lines.find((line) => line.startsWith(`${agent} `))?.split(' ')[1] ?? '';
};

/** The agent begins its task anew and brings it to its end, beside nothing of its earlier life. */
async function expectStartedAnew(earlier: number): Promise<void> {
  expect((await taskFact(project, 'task.restarted')).body).toMatchObject({ token: 1, attempt: 2 });
  await startedTwice('kaede');
  expect(await processStartTime(earlier)).toBeUndefined();
  await allow(project, 'kaede', 'go-1');
  await taskFact(project, 'task.completed');
  expect(project.factsNamed('task.claimed')).toHaveLength(1);
}

test('a tmux server that died as well: everything is started anew', async () => {
  const earlier = await programOf('kaede');
  process.kill(Number(await project.tmux('display-message', '-p', '#{pid}')), 'SIGKILL');
  expect(await upAgain()).toEqual({
    kaede: 'the tmux server is another one',
    sakura: 'the tmux server is another one',
  });
  await expectStartedAnew(earlier);
  await startedTwice('sakura');
});

test('another configuration: only the agents that it changes are started anew', async () => {
  const earlier = await programOf('kaede');
  await project.writeConfig({
    state: 'state',
    repository: 'repository',
    flow: ['codegen'],
    agents: {
      kaede: { ...taskWitness, environment: { MOOD: 'new' } },
      sakura: { ...keptWitness, title: 'サクラ', symbol: '🎺' },
    },
  });
  expect(await upAgain()).toEqual({ kaede: 'its configuration has changed', sakura: 'adopted' });
  await expectStartedAnew(earlier);
  expect(await starts('sakura')).toBe(1);
});

test('a person has put something else into the panes: it is left there, and the agents get new ones', async () => {
  const earlier = await programOf('kaede');
  for (const agent of ['kaede', 'sakura'])
    await project.tmux('respawn-pane', '-k', '-t', await paneOf(agent), 'setsid sleep 4321 & sleep 1234');
  const judged = await upAgain();
  expect(Object.values(judged)).toEqual([
    expect.stringMatching(/^pane %\d+ was given to another program$/u),
    expect.stringMatching(/^pane %\d+ was given to another program$/u),
  ]);
  await expectStartedAnew(earlier);
  await startedTwice('sakura');
  const left = (await processesOf(project.folder)).filter(({ command }) =>
    /^sleep (4321|1234)$/u.test(command),
  );
  expect(left.map(({ command }) => command).toSorted()).toEqual([
    ...['sleep 1234', 'sleep 1234', 'sleep 4321', 'sleep 4321'],
  ]);
});

test('a pane that only claims to be the agent is neither used nor touched, nor is another one, nor another server', async () => {
  const window = async (command: string) =>
    (await project.tmux('new-window', '-d', '-P', '-F', '#{pane_id} #{pane_pid}', command)).split(' ');
  const [forged = '', forgedPid] = await window('sleep 1111');
  const [, foreignPid] = await window('sleep 2222');
  await project.tmux('set-option', '-p', '-t', forged, '@orchestra_agent', 'kaede');
  const other = ['-S', project.path('other'), '-f', '/dev/null'];
  await execa('tmux', [...other, 'new-session', '-d', 'sleep 3333']);
  const { stdout: otherPid } = await execa('tmux', [...other, 'display-message', '-p', '#{pane_pid}']);
  const strangers = await Promise.all(
    [forgedPid, foreignPid, otherPid].map((pid) => readProcess(Number(pid))),
  );

  const earlier = await programOf('kaede');
  // Its own is closed, so that the forged one is the only one with its name.
  const own = (await project.tmux('list-panes', '-a', '-F', '#{@orchestra_agent} #{pane_id}'))
    .split('\n')
    .find((line) => line.startsWith('kaede ') && !line.endsWith(` ${forged}`));
  await project.tmux('kill-window', '-t', own?.split(' ')[1] ?? '');
  expect(await upAgain()).toMatchObject({
    kaede: expect.stringMatching(/^pane %\d+ is gone$/u),
    sakura: 'adopted',
  });
  await expectStartedAnew(earlier);
  expect(project.factsNamed('agent.pane.opened', 'kaede').at(-1)?.body['pane']).not.toBe(forged);
  for (const stranger of strangers) expect(stranger && (await isRunning(stranger))).toBe(true);
  await execa('tmux', [...other, 'kill-server']);
});

test('a host that was killed is heard as a crash, and what it ran is ended', async () => {
  const earlier = await programOf('kaede');
  const host = await readProcess(earlier);
  if (!host) throw new Error('it does not run');
  process.kill(host.parent, 'SIGKILL');
  await waitUntil('the pane to be dead', async () => {
    const dead = await project.tmux('display-message', '-p', '-t', await paneOf('kaede'), '#{pane_dead}');
    return dead === '1';
  });
  expect(await upAgain()).toEqual({ kaede: 'adopted', sakura: 'adopted' });
  await expectStartedAnew(earlier);
});

test('a kept program that died while no daemon lived is started anew', async () => {
  process.kill(await programOf('sakura'), 'SIGKILL');
  await waitUntil('the pane to be dead', async () => {
    const dead = await project.tmux('display-message', '-p', '-t', await paneOf('sakura'), '#{pane_dead}');
    return dead === '1';
  });
  expect(await upAgain()).toEqual({ kaede: 'adopted', sakura: 'its program has ended meanwhile' });
  await startedTwice('sakura');
});
