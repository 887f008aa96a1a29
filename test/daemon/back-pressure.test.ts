/** Back-pressure in the real daemon: a nearly full disk holds new work back, a full inbox is told. */
import { afterEach, expect, test } from 'vitest';
import { ask } from '../../src/client/ask.ts';
import { OrchestraProject } from './orchestra-project.ts';
import './patient.ts';
import { waitUntil } from './wait-until.ts';

let project: OrchestraProject;
afterEach(() => project.remove());

const worker = {
  roles: ['codegen'],
  adapter: 'command',
  command: ['sh', '-c', 'echo done > "$ORCHESTRA_TASK.txt"; git add -A; git commit -qm work'],
};

test('while the disk is low an idle agent is given nothing; it goes on when there is room', async () => {
  const config = { agents: { kaede: worker }, flow: ['codegen'], state: 'state', repository: 'repository' };
  project = await OrchestraProject.create({
    agents: config.agents,
    issues: { '1-one': { title: 'One' } },
    config: { disk: { reserve: '900000GB' } },
  });
  await project.up();
  await project.fact('low', ({ name }) => name === 'node.disk.low');
  await project.fact('the task', ({ name, about }) => name === 'task.discovered' && about === '1');
  await waitUntil('an idle agent', async () => {
    const { agents } = await ask(project.bus, 'status', {});
    return agents.every(({ availability }) => availability === 'idle');
  });
  // Another one wakes the scheduler.
  await project.writeIssue('2-two', { title: 'Two' });
  await project.fact('the next task', ({ name, about }) => name === 'task.discovered' && about === '2');
  await project.writeConfig({ ...config, disk: { reserve: 0 } });
  for (const task of ['1', '2'])
    await project.fact(`task ${task} done`, ({ name, about }) => name === 'task.completed' && about === task);
  const order = project.facts.map(({ name }) => name);
  expect(order.indexOf('task.claimed')).toBeGreaterThan(order.indexOf('node.disk.recovered'));
  expect(order).toContain('node.disk.recovered');
  expect(project.factsNamed('node.disk.low')).toHaveLength(1);
});

test('an inbox that takes no more is told once each time that it has become full', async () => {
  project = await OrchestraProject.create({
    agents: { kaede: worker, sakura: { ...worker, mode: 'kept', command: ['false'] } },
    config: { restart: { intensity: 1 } },
  });
  await project.up();
  await project.fact('the quarantine', ({ name }) => name === 'agent.quarantined');
  const told = () => project.factsNamed('agent.mailbox.full', 'sakura').map(({ body }) => body);
  const word = { messages: 1_200, from: 'operator' };
  fillInbox('sakura');
  await waitUntil('the word', () => told().length === 1);
  await lookAfter('botan');
  expect(told()).toEqual([word]);

  await project.bus.connection.manager.streams.purge('ORCH_INBOX', {
    filter: 'orchestra.agent.sakura.inbox',
  });
  await lookAfter('tsubaki');
  fillInbox('sakura');
  await waitUntil('the word again', () => told().length === 2);
  await lookAfter('ayame');
  expect(told()).toEqual([word, word]);
});

/** Without asking for an answer: nobody else would tell that the last ones are refused. */
function fillInbox(agent: string): void {
  for (let n = 0; n < 1_300; n += 1)
    project.bus.connection.nats.publish(`orchestra.agent.${agent}.inbox`, `message ${n}`);
}

/** Resolves when the inboxes were looked at once more: the full one of somebody else was found. */
async function lookAfter(agent: string): Promise<void> {
  fillInbox(agent);
  await project.fact(
    `the full inbox of ${agent}`,
    ({ name, about }) => name === 'agent.mailbox.full' && about === agent,
  );
}
