/** What the chaos suite has found once stays found: each run here is one of its faults, alone and to the point. */
import { afterEach, expect, test } from 'vitest';
import { OrchestraProject } from '../daemon/orchestra-project.ts';
import '../daemon/patient.ts';

let project: OrchestraProject;
afterEach(() => project.remove());

const program = `while read -r line; do case "$line" in
  "orchestra: task"*) orchestra task accept; until [ -e "$ORCHESTRA_FOLDER/go" ]; do sleep 0.05; done; orchestra task done ;;
esac; done`;

test('an agent whose window is closed in the middle of its work comes back, and finishes', async () => {
  project = await OrchestraProject.create({
    agents: {
      kaede: { roles: ['codegen'], adapter: 'command', mode: 'kept', command: ['sh', '-c', program] },
    },
    issues: { '1-one': { title: 'One' } },
  });
  await project.up();
  await project.fact('task 1 under way', ({ name }) => name === 'task.accepted');
  const panes = await project.tmux('list-panes', '-a', '-F', '#{pane_id} #{@orchestra_agent}');
  const pane = panes.split('\n').find((line) => line.endsWith(' kaede'));
  await project.tmux('kill-window', '-t', pane?.split(' ')[0] ?? '');
  const again = await project.fact('begun again', ({ name }) => name === 'task.restarted');
  expect(again.body['attempt']).toBe(2);
  await project.fact('accepted again', ({ name, body }) => name === 'task.accepted' && body['token'] === 1);
  await project.tmux('run-shell', `touch ${project.state.agent('kaede')}/go`);
  await project.fact('the end', ({ name }) => name === 'task.completed');
});
