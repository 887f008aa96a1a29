/** The watchdog and the tools of an agent: one that only waits is no hang, unless it waits for too long. */
import { afterEach, expect, test } from 'vitest';
import type { OrchestraProject } from './orchestra-project.ts';
import './patient.ts';
import { watchedAgent } from './watched-agent.ts';

let project: OrchestraProject;
afterEach(() => project.remove());

const isRemedy = (name: string) => ['agent.stalled', 'agent.interrupted', 'agent.restarted'].includes(name);

test('an agent that waits for a tool, as for one that waits for the network, is left alone', async () => {
  project = await watchedAgent('read -r line; sleep 9; orchestra task done --note waited; cat', {
    stall: '4s',
  });
  await project.fact('the end', ({ name }) => name === 'task.completed');
  expect(project.facts.filter(({ name }) => isRemedy(name))).toEqual([]);
});

test('a tool that runs for longer than it may is a hang', async () => {
  project = await watchedAgent('read -r line; sleep 1000; cat', { stall: '1s', tool: '2s' });
  await project.fact('stall', ({ name }) => name === 'agent.stalled');
});

test('what the program had started before the work began is none of its tools', async () => {
  project = await watchedAgent('sleep 1000 & while read -r line; do :; done', { stall: '1s' });
  await project.fact('stall', ({ name }) => name === 'agent.stalled');
});
