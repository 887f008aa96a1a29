import { afterEach, expect, test } from 'vitest';
import type { OrchestraProject } from './orchestra-project.ts';
import './patient.ts';
import { watchedAgent } from './watched-agent.ts';

let project: OrchestraProject;
afterEach(() => project.remove());

const remedies = () =>
  project.facts
    .filter(({ name }) =>
      ['agent.stalled', 'agent.nudged', 'agent.interrupted', 'agent.restarted'].includes(name),
    )
    .map(({ name }) => name);

test('an agent that hangs with a spinner is nudged, interrupted and restarted, in that order', async () => {
  const spinner = `process.on('SIGINT', () => {}); setInterval(() => process.stdout.write('\\rworking |'), 50)`;
  project = await watchedAgent(`exec "${process.execPath}" -e "${spinner}"`, {
    stall: '600ms',
    step: '300ms',
  });
  await project.fact('restart', ({ name }) => name === 'agent.restarted');
  const firsts = ['agent.stalled', 'agent.nudged', 'agent.interrupted', 'agent.restarted'].map((name) =>
    project.facts.findIndex((fact) => fact.name === name),
  );
  expect(firsts).not.toContain(-1);
  expect(firsts).toEqual(firsts.toSorted((first, second) => first - second));
  await project.fact('it is back at its task', ({ name }) => name === 'task.restarted');
});

test('an agent whose worktree changes is left alone', async () => {
  project = await watchedAgent(
    `read -r line; cd "${'$'}{ORCHESTRA_FOLDER}/../../worktrees/1"; for i in $(seq 30); do echo $i > progress; sleep 0.3; done; rm progress; orchestra task done --note slow; cat`,
    { stall: '6s' },
  );
  await project.fact('the end', ({ name }) => name === 'task.completed');
  expect(remedies()).toEqual([]);
});
