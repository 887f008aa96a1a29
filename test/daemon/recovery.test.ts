import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ask } from '../../src/client/ask.ts';
import type { Fact } from '../../src/events/facts.ts';
import { findMarkedProcesses } from '../../src/processes/marked-processes.ts';
import type { ProcessEntry } from '../../src/processes/process-entry.ts';
import { OrchestraProject } from './orchestra-project.ts';
import './patient.ts';
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
    config: { restart: { intensity: 5, period: 600 } },
  });
  await project.up();
  await project.fact('task 1 under way', ({ name, about }) => name === 'task.accepted' && about === '1');
  for (const agent of ['kaede', 'sakura']) await programOf(agent);
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

/** The host in the agent's pane: the one whose parent is not marked. */
const hostOf = (marked: readonly ProcessEntry[]) =>
  marked.find(({ parent }) => !marked.some(({ pid }) => pid === parent));

/** The host's child; the host may have been started, and not yet its program. */
const programOf = (agent: string) =>
  waitUntil(`the program of ${agent}`, async () => {
    const marked = await processesMarked(agent);
    const host = hostOf(marked);
    const program = marked.find(({ parent }) => parent === host?.pid);
    return host && program && { marked, host, program };
  });

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
  process.kill((await programOf('kaede')).program.pid, 'SIGKILL');
  const again = await project.fact('begun again', ({ name }) => name === 'task.restarted');
  expect(again.body['attempt']).toBe(2);
  await letItFinish();
  expect(await pidsOf('sakura')).toEqual(siblings);
});

test('kill -9 of the host in the pane: what it started is ended, and the task goes on', async () => {
  const { marked: processes, host } = await programOf('kaede');
  process.kill(host.pid, 'SIGKILL');
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
  const siblings = await pidsOf('sakura');
  process.kill(Number(await readFile(`${project.state.nats}/nats-server.pid`, 'utf8')), 'SIGKILL');
  await project.fact('nats-server restarted', restarted('broker/natsServer'));
  await letItFinish();
  expect(await pidsOf('sakura')).toEqual(siblings);
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
  // The outcome is on record first.
  await waitUntil('both to be idle', async () => {
    const { agents } = await ask(project.bus, 'status', {});
    return agents.length === 2 && agents.every(({ availability }) => availability === 'idle');
  });
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
