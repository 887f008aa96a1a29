/** The running supervision tree: as the design draws it, and back in its place after any part of it is killed. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInbox } from '@nats-io/transport-node';
import { afterEach, expect, test } from 'vitest';
import { ask } from '../../src/client/ask.ts';
import { sendMessage } from '../../src/client/send-message.ts';
import { aftermathOf } from '../../src/supervision/aftermath.ts';
import {
  descendantAt,
  descendantsOf,
  type SupervisorDescription,
} from '../../src/supervision/tree-description.ts';
import { expectNothingRuns } from './nothing-runs.ts';
import { OrchestraProject } from './orchestra-project.ts';
import './patient.ts';
import { processesOf } from './processes-of.ts';
import { waitUntil } from './wait-until.ts';

let project: OrchestraProject;
afterEach(() => project.remove());

const program = (name: string) => join(import.meta.dirname, '../fixtures/agents', name);
const agents = {
  kaede: { roles: ['codegen'], adapter: 'command', command: [program('task-worker.sh')] },
  sakura: {
    roles: ['codegen'],
    adapter: 'command',
    mode: 'kept',
    accept: 'none',
    command: [program('kept-worker.sh')],
  },
};
const names = Object.keys(agents);

async function create(): Promise<void> {
  project = await OrchestraProject.create({
    agents,
    config: {
      routes: names.map((agent) => ({ labels: [agent], agents: { codegen: agent } })),
      restart: { intensity: 100, period: 60 },
      scheduler: { maxAttempts: 100 },
    },
  });
  await project.up();
}

/** Answers may be lost while who gives them, or the bus, is being restarted. */
const lookAtTree = () => ask(project.bus, 'tree', {}, 2_000).catch(() => undefined);

/** Kills the child at `path` and waits until everything that ran before runs again. */
async function killAndAwait(path: string): Promise<void> {
  const before = await waitUntil('a tree at rest', async () => {
    const tree = await lookAtTree();
    return tree && descendantsOf(tree).every(({ state }) => state === 'running') && tree;
  });
  expect(await ask(project.bus, 'tree.kill', { path })).toEqual({
    path,
    pid: descendantAt(before, path)?.pid,
  });
  await waitUntil(
    `everything to run again after ${path}`,
    async () => {
      const after = await lookAtTree();
      return (
        after &&
        aftermathOf(before, after, path) &&
        descendantsOf(after).every(({ state }) => state === 'running')
      );
    },
    () => project.facts.slice(-20),
  );
}

/** Whenever something dies, each agent is in the middle of a task and has got a message. */
async function killAll(paths: readonly string[]): Promise<void> {
  const tasks: string[] = [];
  for (const path of paths) {
    const begun = names.map(async (agent) => {
      const id = String(tasks.push(agent));
      await sendMessage(project.bus, { to: agent, text: `before ${path} dies` });
      await project.writeIssue(`${id}-task`, { title: `Task ${id}`, labels: [agent] });
      await project.fact(`task ${id} begun`, ({ name, about }) => name === 'task.accepted' && about === id);
    });
    await Promise.all(begun);
    await killAndAwait(path);
    for (const [index, agent] of tasks.entries())
      await writeFile(`${project.state.agent(agent)}/go-${index + 1}`, '');
  }
  await waitUntil('every message to arrive', () => {
    const arrived = project.factsNamed('agent.message.delivered').map(({ body }) => body['message']);
    return new Set(arrived).size === tasks.length;
  });
  const ids = tasks.map((_, index) => String(index + 1));
  for (const id of ids) {
    await waitUntil(
      `task ${id} to be done`,
      () => project.factsNamed('task.completed', id).length > 0,
      () => project.facts.filter(({ about }) => about === id),
    );
  }
  for (const id of ids) {
    expect(project.factsNamed('task.completed', id)).toHaveLength(1);
    expect(
      project.factsNamed('task.finished', id).filter(({ body }) => body['outcome'] === 'done'),
    ).toHaveLength(1);
  }
  expect(project.factsNamed('agent.quarantined')).toEqual([]);
}

/** How many answers come to questions asked one after another: a second one to an early question is there before the last. */
async function answersTo(subject: string, questions: number): Promise<number> {
  const { nats } = project.bus.connection;
  const inbox = createInbox();
  let answers = 0;
  const subscription = nats.subscribe(inbox, {
    callback: () => {
      answers += 1;
    },
  });
  for (let asked = 1; asked <= questions; asked += 1) {
    nats.publish(subject, '{}', { reply: inbox });
    await waitUntil(`an answer on ${subject}`, () => answers >= asked);
  }
  await nats.flush();
  subscription.unsubscribe();
  return answers;
}

/** Nobody answers twice, reads twice or runs beside what is meant to run. */
async function expectNothingLeftOver(): Promise<void> {
  expect(existsSync(`${project.state.agent('kaede')}/not-alone`)).toBe(false);
  const troubles = ['node.worktree.kept', 'node.repository.failed', 'node.tracker.failed'];
  expect(project.facts.filter(({ name }) => troubles.includes(name))).toEqual([]);
  expect(project.factsNamed('node.kill.failed')).toEqual([]);
  for (const subject of ['orchestra.cmd.agents', 'orchestra.agent.kaede.query.colleagues']) {
    expect(await answersTo(subject, 5), subject).toBe(5);
  }
  const windows = (await project.tmux('list-panes', '-a', '-F', '#{@orchestra_agent}'))
    .split('\n')
    .filter(Boolean);
  expect(windows.sort()).toEqual(['kaede', 'sakura']);
  await waitUntil('left-over programs to be gone', async () => {
    const sleepers = (await processesOf(project.folder)).filter(({ command }) =>
      command.startsWith('sleep 1000'),
    );
    return sleepers.length === 0;
  });
  await project.cli(['down']);
  expect((await project.daemon.ended).exitCode).toBe(0);
  await expectNothingRuns(project.folder);
}

/** Strategies of supervisors, restart types of workers, in start order. */
function outline({ strategy, children }: SupervisorDescription): object {
  const below = children.map(({ id, restart, supervisor }) => [
    id,
    supervisor ? outline(supervisor) : restart,
  ]);
  return { strategy, ...Object.fromEntries(below) };
}

const agent = {
  strategy: 'rest_for_one',
  pane: 'permanent',
  session: 'permanent',
  work: 'permanent',
  mailbox: 'permanent',
};

test('the tree is the one of the design', async () => {
  await create();
  const tree = await ask(project.bus, 'tree', {});
  const expected = {
    strategy: 'rest_for_one',
    broker: { strategy: 'rest_for_one', natsServer: 'permanent', bus: 'permanent', journal: 'permanent' },
    ensemble: {
      strategy: 'rest_for_one',
      tmuxServer: 'permanent',
      agents: { strategy: 'one_for_one', 'agent:kaede': agent, 'agent:sakura': agent },
    },
    work: {
      strategy: 'rest_for_one',
      disk: 'permanent',
      worktrees: 'permanent',
      tracker: 'permanent',
      outbox: 'permanent',
      scheduler: 'permanent',
    },
    services: {
      strategy: 'one_for_one',
      control: 'permanent',
      watchdog: 'permanent',
      config: 'permanent',
      overview: 'permanent',
      sweeper: 'permanent',
      output: 'permanent',
      http: 'permanent',
    },
  };
  expect(outline(tree)).toEqual(expected);
  // The same again as text, which has an order.
  expect(JSON.stringify(outline(tree))).toBe(JSON.stringify(expected));
  expect(descendantsOf(tree).filter(({ state }) => state !== 'running')).toEqual([]);
});

test('every worker can be killed while work goes on, and nothing is lost, done twice or left over', async () => {
  await create();
  const tree = await ask(project.bus, 'tree', {});
  await killAll(
    descendantsOf(tree)
      .filter(({ type }) => type === 'worker')
      .map(({ path }) => path),
  );
  await expectNothingLeftOver();
}, 480_000);

test.each([
  ['broker', 'ensemble', 'ensemble/agents'],
  ['work', 'services', 'ensemble/agents/agent:kaede', 'ensemble/agents/agent:sakura'],
])('supervisors can be killed with all that is below them: %s …', async (...paths) => {
  await create();
  await killAll(paths);
  await expectNothingLeftOver();
});
