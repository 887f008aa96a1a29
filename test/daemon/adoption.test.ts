/** A daemon that was killed, and the next one on the same state folder: what lives in the panes goes on undisturbed. */
import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { sendMessage } from '../../src/client/send-message.ts';
import type { OrchestraProject, ProjectOptions } from './orchestra-project.ts';
import './patient.ts';
import { waitUntil } from './wait-until.ts';
import {
  allow,
  createWitnessed,
  judgement,
  keptWitness,
  killDaemon,
  programGone,
  programOf,
  taskFact,
  taskWitness,
  written,
  wrote,
} from './witnesses.ts';

let project: OrchestraProject;
afterEach(() => project.remove());

const issue = { '1-one': { title: 'One', labels: ['kaede'] } };

/** An agent in the middle of task 1. */
async function atWork(agent: object, options: Partial<ProjectOptions> = {}): Promise<void> {
  project = await createWitnessed({ kaede: agent }, { issues: issue, ...options });
  await allow(project, 'kaede', 'accept');
  await project.up();
  await taskFact(project, 'task.accepted');
}

/** The next daemon; resolves with what it made of kaede. */
async function upAgain(): Promise<string> {
  const from = project.facts.length;
  await project.up();
  return judgement(project, 'kaede', from);
}

const panes = () => project.tmux('list-panes', '-a', '-F', '#{pane_id} #{pane_pid} #{@orchestra_agent}');

/** One claim, one try, one program, one end. */
async function expectUndisturbed(): Promise<void> {
  for (const name of ['task.claimed', 'task.accepted', 'task.finished', 'task.completed'] as const)
    expect(project.factsNamed(name, '1'), name).toHaveLength(1);
  expect(project.factsNamed('task.claimed', '1')[0]?.body).toMatchObject({ attempt: 1 });
  expect(project.factsNamed('task.finished', '1')[0]?.body['token']).toBe(
    project.factsNamed('task.claimed', '1')[0]?.body['token'],
  );
  for (const name of ['task.restarted', 'task.released', 'agent.orphans.ended'] as const)
    expect(project.factsNamed(name), name).toEqual([]);
  expect(await written(project, 'kaede', 'starts')).toHaveLength(1);
}

describe.each([
  ['task', taskWitness],
  ['kept', keptWitness],
])('mode %s', (mode, agent) => {
  test('a task goes on: same pane, same program, same token, same attempt', async () => {
    await atWork(agent);
    const before = await panes();
    await killDaemon(project);
    expect(await upAgain()).toBe('adopted');
    expect(await panes()).toBe(before);
    await allow(project, 'kaede', 'go-1');
    await taskFact(project, 'task.completed');
    await expectUndisturbed();
    if (mode === 'kept') expect(await written(project, 'kaede', 'heard')).toHaveLength(1);
  });

  test('its end counts that came while no daemon lived', async () => {
    await atWork(agent);
    await killDaemon(project);
    await allow(project, 'kaede', 'go-1');
    if (mode === 'kept') await wrote(project, 'kaede', 'reporting');
    else await programGone(project, 'kaede');
    expect(await upAgain()).toBe('adopted');
    await taskFact(project, 'task.completed');
    await expectUndisturbed();
  });

  test('daemon after daemon may be killed', async () => {
    await atWork(agent);
    for (let death = 0; death < 3; death += 1) {
      await killDaemon(project);
      expect(await upAgain()).toBe('adopted');
    }
    await allow(project, 'kaede', 'go-1');
    await taskFact(project, 'task.completed');
    await expectUndisturbed();
  });

  test('a lease that ran out while no daemon lived is renewed, not taken back', async () => {
    await atWork(agent, { config: { scheduler: { lease: '1s', tick: '100ms' } } });
    await killDaemon(project);
    const over = Date.now() + 1_000;
    await waitUntil('the lease to run out', () => Date.now() > over);
    expect(await upAgain()).toBe('adopted');
    await allow(project, 'kaede', 'go-1');
    await taskFact(project, 'task.completed');
    await expectUndisturbed();
  });

  test('what was adopted is watched over like anything else', async () => {
    await atWork(agent);
    await killDaemon(project);
    expect(await upAgain()).toBe('adopted');
    process.kill(await programOf(project, 'kaede'), 'SIGKILL');
    expect((await taskFact(project, 'task.restarted')).body).toMatchObject({ token: 1, attempt: 2 });
    await allow(project, 'kaede', 'go-1');
    await taskFact(project, 'task.completed');
    expect(await written(project, 'kaede', 'starts')).toHaveLength(2);
  });

  test('what is idle goes on too, and takes the next task', async () => {
    project = await createWitnessed({ kaede: agent });
    await allow(project, 'kaede', 'accept');
    await project.up();
    await project.fact('idle', ({ body }) => body['availability'] === 'idle');
    await killDaemon(project);
    expect(await upAgain()).toBe('adopted');
    await allow(project, 'kaede', 'go-1');
    await project.writeIssue('1-one', issue['1-one']);
    await taskFact(project, 'task.completed');
    await expectUndisturbed();
  });

  test('a stop with `shutdown.panes: keep` leaves task and program to the next daemon', async () => {
    await atWork(agent, { config: { shutdown: { panes: 'keep' } } });
    const before = await panes();
    await project.cli(['down']);
    expect((await project.daemon.ended).exitCode).toBe(0);
    expect(await panes()).toBe(before);
    await allow(project, 'kaede', 'go-1');
    // The next one is not to leave them, too.
    const file = project.path('orchestra.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replace('panes: keep', 'panes: end'));
    expect(await upAgain()).toBe('adopted');
    await taskFact(project, 'task.completed');
    await expectUndisturbed();
  });
});

test('a failure and a crash that nobody saw count as what they are', async () => {
  await atWork(taskWitness);
  await killDaemon(project);
  await allow(project, 'kaede', 'go-1', '7');
  await programGone(project, 'kaede');
  expect(await upAgain()).toBe('adopted');
  expect((await taskFact(project, 'task.finished')).body).toMatchObject({ outcome: 'failed' });
  await project.fact('another try', ({ name, body }) => name === 'task.accepted' && body['token'] === 2);
  await waitUntil('another start', async () => (await written(project, 'kaede', 'starts')).length === 2);
  await killDaemon(project);
  process.kill(await programOf(project, 'kaede'), 'SIGKILL');
  await programGone(project, 'kaede');
  expect(await upAgain()).toBe('adopted');
  expect((await taskFact(project, 'task.restarted')).body).toMatchObject({ token: 2, attempt: 3 });
});

test('messages that came while no daemon lived, or before, are each typed once', async () => {
  await atWork(keptWitness);
  await allow(project, 'kaede', 'go-1');
  await taskFact(project, 'task.completed');
  await sendMessage(project.bus, { to: 'kaede', text: 'before' });
  await project.fact('delivery', ({ name }) => name === 'agent.message.delivered');
  await killDaemon(project);
  expect(await upAgain()).toBe('adopted');
  await sendMessage(project.bus, { to: 'kaede', text: 'after' });
  await project.fact('second delivery', () => project.factsNamed('agent.message.delivered').length >= 2);
  // Typed is not yet read.
  const heard = async () =>
    (await written(project, 'kaede', 'heard')).slice(1).map((line) => line.replace(/ \(.*\)$/u, ''));
  await waitUntil('both to be read', async () => (await heard()).length >= 2);
  expect(await heard()).toEqual(['message from operator: before', 'message from operator: after']);
});

test('a message that was being typed when the daemon was killed is heard exactly once', async () => {
  project = await createWitnessed({ kaede: keptWitness });
  await project.up();
  await project.fact('idle', ({ body }) => body['availability'] === 'idle');
  const texts = Array.from({ length: 12 }, (_, index) => `message ${index}`);
  for (const text of texts) await sendMessage(project.bus, { to: 'kaede', text });
  for (const death of [2, 5, 8]) {
    await waitUntil(
      `${death} messages to be heard`,
      async () => (await written(project, 'kaede', 'heard')).length >= death,
    );
    await killDaemon(project);
    expect(await upAgain()).toBe('adopted');
  }
  const bare = async () =>
    (await written(project, 'kaede', 'heard')).map((line) =>
      line.replace(/^message from operator: | \(.*\)$/gu, ''),
    );
  await waitUntil('the last message', async () => (await bare()).at(-1) === texts.at(-1), bare);
  expect(await bare()).toEqual(texts);
});

test('after an orderly end nothing is left to judge', async () => {
  await atWork(keptWitness);
  await project.cli(['down']);
  await project.daemon.ended;
  await allow(project, 'kaede', 'go-1');
  await project.up();
  await taskFact(project, 'task.completed');
  expect(project.factsNamed('agent.adoption.refused')).toEqual([]);
  expect(project.factsNamed('agent.adopted')).toEqual([]);
});

test('a daemon that cannot start leaves what lives to the one that can', async () => {
  await atWork(taskWitness);
  await killDaemon(project);
  const file = project.path('orchestra.yaml');
  const config = await readFile(file, 'utf8');
  await writeFile(file, `${config}nats:\n  server: /nowhere/nats-server\n`);
  expect((await project.start().ended).exitCode).not.toBe(0);
  await writeFile(file, config);
  expect(await upAgain()).toBe('adopted');
  await allow(project, 'kaede', 'go-1');
  await taskFact(project, 'task.completed');
  await expectUndisturbed();
});
