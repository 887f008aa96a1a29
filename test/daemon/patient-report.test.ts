/** A report that nobody can take now is repeated until somebody does, and counts once. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { connectBus } from '../../src/bus/connect-bus.ts';
import { ask, report } from '../../src/client/ask.ts';
import { reports } from '../../src/events/commands.ts';
import { readDaemonFile } from '../../src/state-folder/daemon-file.ts';
import { type IssueFile, OrchestraProject } from './orchestra-project.ts';
import './patient.ts';
import { processesOf } from './processes-of.ts';
import { waitUntil } from './wait-until.ts';

let project: OrchestraProject;
afterEach(() => project.remove());

const folder = () => project.state.agent('kaede');
const log = (name: string) => readFile(join(folder(), name), 'utf8').catch(() => '');

/** Waits for the file `go`, then reports; what the command says goes into `said`. */
const reporting = (report: string) =>
  `until [ -e "$ORCHESTRA_FOLDER/go" ]; do sleep 0.02; done
   echo begun > "$ORCHESTRA_FOLDER/begun"
   ${report} > "$ORCHESTRA_FOLDER/said" 2>&1; echo "status $?" >> "$ORCHESTRA_FOLDER/said"; exec sleep 1000`;

async function up(
  report: string,
  mode: 'task' | 'kept',
  issues: Record<string, IssueFile> = { '1-one': { title: 'One' } },
): Promise<void> {
  const script = reporting(report);
  project = await OrchestraProject.create({
    agents: {
      kaede: {
        roles: ['codegen'],
        adapter: 'command',
        mode,
        accept: 'none',
        command: ['sh', '-c', mode === 'task' ? script : `read -r _; ${script}`],
      },
    },
    issues,
  });
  await project.up();
  await project.fact('acceptance', ({ name }) => name === 'task.accepted');
}

test.each(['task', 'kept'] as const)(
  'done, said while no daemon lives, counts as soon as the next one has adopted the agent (mode %s)',
  async (mode) => {
    await up('orchestra task done --note "without you"', mode);
    project.daemon.kill('SIGKILL');
    await project.daemon.ended;
    await writeFile(join(folder(), 'go'), '');
    await waitUntil('the word on the waiting', async () => (await log('said')).includes('Nobody takes'));
    await project.up();
    await project.fact('task 1 done', ({ name }) => name === 'task.completed');
    expect(project.factsNamed('task.finished').map(({ body }) => body['summary'])).toEqual(['without you']);
    expect(project.factsNamed('task.restarted')).toEqual([]);
    if (mode === 'kept') await waitUntil('its end', async () => (await log('said')).includes('status 0'));
  },
);

test('with --wait 0 it is said once, and fails', async () => {
  await up('orchestra task done --wait 0', 'task');
  project.daemon.kill('SIGKILL');
  await project.daemon.ended;
  await waitUntil('nats-server to end with its daemon', async () => {
    const processes = await processesOf(project.folder);
    return !processes.some(({ command }) => command.includes('nats.conf'));
  });
  await writeFile(join(folder(), 'go'), '');
  await waitUntil('the failure', async () => (await log('said')).includes('status 69'));
  expect(await log('said')).toContain('does not answer');
});

test('while nats-server is restarted a report is late, not lost', async () => {
  await up('orchestra task done --note late', 'task');
  process.kill(Number(await readFile(`${project.state.nats}/nats-server.pid`, 'utf8')), 'SIGKILL');
  await writeFile(join(folder(), 'go'), '');
  await project.fact('task 1 done', ({ name }) => name === 'task.completed');
  expect(project.factsNamed('task.finished').map(({ body }) => body['summary'])).toEqual(['late']);
});

test('a refusal is final', async () => {
  await up('ORCHESTRA_TOKEN=0 orchestra task done', 'task');
  await writeFile(join(folder(), 'go'), '');
  await waitUntil('the refusal', async () => (await log('said')).includes('status 1'));
  expect(await log('said')).toContain('token 0 is not that of your assignment');
});

test.each(['its task file', 'the daemon'])(
  'a kept program that was told nothing of its claim names it, known from %s: repeated later, it ends no other task',
  async (source) => {
    await up('orchestra task done', 'kept', { '1-one': { title: 'One' }, '2-two': { title: 'Two' } });
    const said: unknown[] = [];
    project.bus.subscribe('orchestra.agent.kaede.report.done', (message) => {
      said.push(message.json());
    });
    await project.bus.connection.nats.flush();
    const { token } = await ask(project.bus, 'task.show', { id: '1' });
    if (source === 'the daemon') await rm(join(folder(), 'task.json'));
    await writeFile(join(folder(), 'go'), '');
    await project.fact('task 2 under way', ({ name, about }) => name === 'task.accepted' && about === '2');
    const first = reports.done.request.parse(said[0]);
    expect(first).toEqual({ task: '1', token, note: '' });

    const seed = (await readFile(join(project.state.nats, 'keys', 'kaede.nk'), 'utf8')).trim();
    const url = (await readDaemonFile(project.state.daemonFile))?.natsUrl ?? '';
    const bus = await connectBus({ url, seed, name: 'kaede', inboxPrefix: '_INBOX.kaede' });
    onTestFinished(() => bus.close(100));
    await report(bus, 'kaede', 'done', first);
    expect((await ask(project.bus, 'task.show', { id: '2' })).claim?.agent).toBe('kaede');
    expect(project.factsNamed('task.finished').map(({ about }) => about)).toEqual(['1']);
  },
);
