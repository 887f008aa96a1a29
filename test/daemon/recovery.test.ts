import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ask } from '../../src/client/ask.ts';
import type { Fact } from '../../src/events/facts.ts';
import { findMarkedProcesses } from '../../src/processes/marked-processes.ts';
import { OrchestraProject } from './orchestra-project.ts';
import { processesOf } from './processes-of.ts';
import { waitUntil } from './wait-until.ts';

let project: OrchestraProject;

/** Works until the file `go` stands in its worktree, so that it can be killed in the middle. */
const patientAgent = {
  roles: ['codegen'],
  adapter: 'command',
  command: [
    'sh',
    '-c',
    'until [ -e "$ORCHESTRA_FOLDER/go" ]; do sleep 0.02; done; echo done > out.txt; git add -A; git commit -qm work',
  ],
};
const keptAgent = { roles: ['other'], adapter: 'command', mode: 'kept', accept: 'none', command: ['cat'] };

beforeEach(async () => {
  project = await OrchestraProject.create({
    agents: { kaede: patientAgent, sakura: keptAgent },
    issues: { '1-one': { title: 'One' } },
  });
  await project.up();
  await project.fact('task 1 under way', ({ name, about }) => name === 'task.accepted' && about === '1');
});
afterEach(() => project.remove());

async function processesMarked(agent: string) {
  const { pid } = JSON.parse(await readFile(project.state.daemonFile, 'utf8'));
  expect(pid).toBeGreaterThan(0);
  const all = await processesOf(project.folder);
  const marks = await Promise.all(
    all.map(({ pid: one }) => readFile(`/proc/${one}/environ`, 'utf8').catch(() => '')),
  );
  const mark = marks
    .flatMap((environment) => environment.split('\0'))
    .find((line) => line.startsWith('ORCHESTRA_MARK=') && line.endsWith(`.${agent}`));
  return findMarkedProcesses('ORCHESTRA_MARK', mark?.slice('ORCHESTRA_MARK='.length) ?? 'none');
}

const pidsOf = async (agent: string) =>
  (await processesMarked(agent)).map(({ pid }) => pid).sort((a, b) => a - b);

async function letItFinish(): Promise<void> {
  await execa('touch', [`${project.state.agent('kaede')}/go`]);
  await project.fact('task 1 done', ({ name, about }) => name === 'task.completed' && about === '1');
  expect(project.factsNamed('task.completed', '1')).toHaveLength(1);
  expect(project.factsNamed('task.finished', '1')).toHaveLength(1);
}

const restarted = (path: string) => (fact: Fact) =>
  fact.name === 'node.child.restarted' && fact.body['path'] === path;

const tmux = async (...args: string[]) =>
  (await execa('tmux', ['-S', project.state.tmuxSocket, ...args])).stdout;

test("kill -9 of an agent's program: its task goes on in the same worktree and is finished once", async () => {
  const siblings = await pidsOf('sakura');
  const program = (await processesMarked('kaede')).find(({ pid, parent }) => pid !== parent && parent !== 0);
  const children = await processesMarked('kaede');
  const hosts = children.filter(({ parent }) => !children.some(({ pid }) => pid === parent));
  const victim = children.find(({ parent }) => hosts.some(({ pid }) => pid === parent)) ?? program;
  process.kill(victim?.pid ?? 0, 'SIGKILL');
  const again = await project.fact('begun again', ({ name }) => name === 'task.restarted');
  expect(again.body['attempt']).toBe(2);
  await letItFinish();
  expect(await pidsOf('sakura')).toEqual(siblings);
});

test('kill -9 of the host in the pane: what it started is ended, and the task goes on', async () => {
  const processes = await processesMarked('kaede');
  const host = processes.find(({ parent }) => !processes.some(({ pid }) => pid === parent));
  process.kill(host?.pid ?? 0, 'SIGKILL');
  await project.fact('begun again', ({ name }) => name === 'task.restarted');
  await letItFinish();
  const left = await pidsOf('kaede');
  expect(left.filter((pid) => processes.some((old) => old.pid === pid))).toEqual([]);
});

test("a closed window comes back by its agent's own supervisor, siblings undisturbed", async () => {
  const siblings = await pidsOf('sakura');
  const panes = await tmux('list-panes', '-a', '-F', '#{pane_id} #{@orchestra_agent}');
  const pane =
    panes
      .split('\n')
      .find((line) => line.endsWith(' kaede'))
      ?.split(' ')[0] ?? '';
  await tmux('kill-window', '-t', pane);
  await project.fact('pane restarted', restarted('ensemble/agents/agent:kaede/pane'));
  await project.fact('begun again', ({ name }) => name === 'task.restarted');
  await letItFinish();
  expect(await pidsOf('sakura')).toEqual(siblings);
});

test('kill -9 of nats-server: it comes back on the same store, and no agent notices', async () => {
  const before = { kaede: await pidsOf('kaede'), sakura: await pidsOf('sakura') };
  process.kill(Number(await readFile(`${project.state.nats}/nats-server.pid`, 'utf8')), 'SIGKILL');
  await project.fact('nats-server restarted', restarted('broker/natsServer'));
  await letItFinish();
  expect(await pidsOf('sakura')).toEqual(before.sakura);
  expect(project.factsNamed('task.restarted')).toEqual([]);
  await project.fact('journal restarted', restarted('broker/journal'));
  expect(project.factsNamed('node.child.restarted').map(({ body }) => body['path'])).toEqual([
    'broker/natsServer',
    'broker/bus',
    'broker/journal',
  ]);
});

test('kill -9 of the tmux server: panes come back in order and the task goes on', async () => {
  process.kill(Number(await tmux('display-message', '-p', '#{pid}')), 'SIGKILL');
  await project.fact('tmux restarted', restarted('ensemble/tmuxServer'));
  await project.fact('begun again', ({ name }) => name === 'task.restarted');
  await letItFinish();
  const status = await ask(project.bus, 'status', {});
  expect(status.agents.map(({ availability }) => availability)).toEqual(['idle', 'idle']);
});

test('an agent that is restarted too often goes into quarantine, and the rest plays on', async () => {
  for (let death = 0; ; death += 1) {
    if (project.factsNamed('agent.quarantined', 'sakura').length > 0) break;
    const pids = await pidsOf('sakura');
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toBe('ESRCH');
      }
    }
    await waitUntil('a restart or the quarantine', async () => {
      const now = await pidsOf('sakura');
      return (
        project.factsNamed('agent.quarantined', 'sakura').length > 0 || now.some((pid) => !pids.includes(pid))
      );
    });
    expect(death).toBeLessThan(20);
  }
  await letItFinish();
  const { agents } = await ask(project.bus, 'status', {});
  expect(agents.find(({ name }) => name === 'sakura')?.availability).toBe('quarantined');
});
