/** The real daemon at its limits: a full disk, damaged stores, records it cannot read, an agent that floods it. */
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { connectBus } from '../../src/bus/connect-bus.ts';
import { ask } from '../../src/client/ask.ts';
import { launchNatsServer } from '../../src/nats-server/launch.ts';
import { storeFolder } from '../../src/nats-server/store-folder.ts';
import { readDaemonFile } from '../../src/state-folder/daemon-file.ts';
import { corruptBody, newestBlock } from '../limits/damage.ts';
import { fill, noSmallDisk, release } from '../limits/small-disk.ts';
import { natsServerBinary } from '../nats-server/launched-server.ts';
import { OrchestraProject, type ProjectOptions } from './orchestra-project.ts';
import './patient.ts';
import { waitUntil } from './wait-until.ts';

let project: OrchestraProject;
/** The state folder is a small tmpfs. */
let isOnSmallDisk = false;

/** Works until the file `go` stands in its folder. */
const patientAgent = {
  roles: ['codegen'],
  adapter: 'command',
  command: [
    'sh',
    '-c',
    'until [ -e "$ORCHESTRA_FOLDER/go" ]; do sleep 0.05; done; echo done > out-$ORCHESTRA_TASK.txt; git add -A; git commit -qm work',
  ],
};

async function begin(options: Partial<ProjectOptions> = {}): Promise<void> {
  project = await OrchestraProject.create({
    agents: { kaede: patientAgent },
    issues: { '1-one': { title: 'One' }, '2-two': { title: 'Two' } },
    ...options,
  });
}

afterEach(async () => {
  if (isOnSmallDisk) {
    project.daemon.kill('SIGTERM');
    await project.daemon.ended;
    execFileSync('umount', ['--lazy', project.state.root]);
    isOnSmallDisk = false;
  }
  await project.remove();
});

const go = (agent = 'kaede') => execa('touch', [join(project.state.agent(agent), 'go')]);

const underWay = (task: string) =>
  project.fact(`task ${task} under way`, ({ name, about }) => name === 'task.accepted' && about === task);

async function bothDoneOnce(): Promise<void> {
  await go();
  for (const task of ['1', '2']) {
    await project.fact(`task ${task} done`, ({ name, about }) => name === 'task.completed' && about === task);
    expect(project.factsNamed('task.completed', task)).toHaveLength(1);
  }
}

/** The daemon ends as in a power cut, and nats-server with it. */
async function crash(): Promise<void> {
  const pid = Number((await readFile(join(project.state.nats, 'nats-server.pid'), 'utf8')).trim());
  // It must not start another one in between.
  project.daemon.kill('SIGSTOP');
  process.kill(pid, 'SIGKILL');
  project.daemon.kill('SIGKILL');
  await project.daemon.ended;
}

/** Runs nats-server on the project's store while no daemon does. */
async function whileDown<Result>(act: () => Promise<Result>): Promise<Result> {
  const directory = project.state.nats;
  const server = await launchNatsServer({ ...(await natsServerBinary()), directory, agents: ['kaede'] });
  try {
    return await waitUntil('nats-server to answer', () => act().catch(() => undefined));
  } finally {
    await server.stop(5_000);
  }
}

/** Stores a record; resolves with its revision. */
const storeWhileDown = async (key: string, body: string, bucket = 'orch_tasks'): Promise<number> =>
  (await whileDown(() => putRaw(key, body, bucket))).seq;

const readWhileDown = (key: string, bucket: string): Promise<string | undefined> =>
  whileDown(async () => {
    const { direct } = project.bus.connection.manager;
    return (await direct.getMessage(`KV_${bucket}`, { last_by_subj: `$KV.${bucket}.${key}` }))?.string();
  });

const putRaw = (key: string, body: string, bucket = 'orch_tasks') =>
  project.bus.connection.jetstream.publish(`$KV.${bucket}.${key}`, body);

test.skipIf(noSmallDisk)(
  'a full disk: the work goes on, writes wait and are stored when there is room again, nothing new begins before',
  async () => {
    await begin({ config: { scheduler: { lease: '3s' } } });
    await mkdir(project.state.root);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'orchestra-test', project.state.root]);
    isOnSmallDisk = true;
    await project.up();
    await underWay('1');
    const heard = new Promise<void>((resolve) => {
      project.bus.subscribe('orchestra.node.local.disk.low', () => resolve());
    });
    const silent = new Promise<unknown>((resolve) => project.bus.onSilence(resolve));
    await fill(project.state.root);
    await heard;
    const waiting = project.bus.publish('orchestra.agent.kaede.inbox', 'x'.repeat(100_000));
    await silent;
    await release(project.state.root);
    await project.fact('writes again', ({ name }) => name === 'node.store.recovered');
    await waiting;
    await bothDoneOnce();
    await project.fact('room again', ({ name }) => name === 'node.disk.recovered');
    expect(project.factsNamed('node.store.stalled').length).toBeGreaterThan(0);
    expect(project.factsNamed('node.child.restarted')).toEqual([]);
    expect(project.factsNamed('task.restarted')).toEqual([]);
  },
);

test('the newest file of the tasks is damaged while nothing runs: the rest is restored, each is done once', async () => {
  await begin();
  await project.up();
  await underWay('1');
  await crash();
  await corruptBody(await newestBlock(project.state.nats, 'KV_orch_tasks'), '"title":"Two"');
  const from = project.facts.length;
  await project.up();
  const told = await project.fact('damage', ({ name }) => name === 'node.stream.damaged', from);
  expect(told.body['stream']).toBe('KV_orch_tasks');
  expect(await readdir(project.state.setAside)).toHaveLength(1);
  await bothDoneOnce();
});

test('the file of the tasks is gone while the daemon lives: it stores again what it knows', async () => {
  await begin();
  await project.up();
  await underWay('1');
  const file = await newestBlock(project.state.nats, 'KV_orch_tasks');
  const pid = Number((await readFile(join(project.state.nats, 'nats-server.pid'), 'utf8')).trim());
  // Before the daemon can start the next one: it does so within milliseconds.
  process.kill(pid, 'SIGSTOP');
  await execa('rm', [file]);
  process.kill(pid, 'SIGKILL');
  await project.fact('restored', ({ name }) => name === 'node.records.restored');
  await bothDoneOnce();
});

test('the file of the tasks is gone and nothing lives that knew them: they are made anew, and no old token counts', async () => {
  await begin();
  await project.up();
  await underWay('1');
  const { token } = await ask(project.bus, 'task.show', { id: '1' });
  const marks = join(project.state.nats, 'sequences.json');
  await waitUntil('the marks to be written', async () =>
    /"KV_orch_tasks":{"last":[1-9]/.test(await readFile(marks, 'utf8').catch(() => '')),
  );
  await crash();
  await execa('rm', [await newestBlock(project.state.nats, 'KV_orch_tasks')]);
  const from = project.facts.length;
  await project.up();
  const told = await project.fact('damage', ({ name }) => name === 'node.stream.damaged', from);
  expect(told.body['stream']).toBe('KV_orch_tasks');
  await project.fact('anew', ({ name, about }) => name === 'task.discovered' && about === '1', from);
  await waitUntil('a higher token', async () => {
    const task = await ask(project.bus, 'task.show', { id: '1' });
    return task.token > token;
  });
  await bothDoneOnce();
});

test('a record that cannot be read is set aside, named, and stored again by whoever knows it', async () => {
  await begin();
  await project.up();
  await underWay('1');
  await putRaw('1', 'no json');
  const { body } = await project.fact('set aside', ({ name }) => name === 'node.record.set-aside');
  expect(body).toMatchObject({ bucket: 'orch_tasks', key: '1' });
  expect(await readFile(String(body['file']), 'utf8')).toBe('no json');
  await bothDoneOnce();
});

test('an unreadable record found at the start is made anew from its issue, its tokens above every earlier one', async () => {
  await begin();
  await project.up();
  await underWay('1');
  await crash();
  const sequence = await storeWhileDown('2', 'no json');
  const from = project.facts.length;
  await project.up();
  await project.fact('set aside', ({ name }) => name === 'node.record.set-aside', from);
  await project.fact('made anew', ({ name, about }) => name === 'task.discovered' && about === '2', from);
  const task = await ask(project.bus, 'task.show', { id: '2' });
  expect(task.token).toBeGreaterThan(sequence);
  await bothDoneOnce();
});

test.each([
  ['orch_tasks', '2'],
  ['orch_sessions', 'kaede'],
  ['orch_outbox', 'beginning'],
  ['orch_ledger', 'kaede'],
])(
  'a record of a newer orchestra in %s: it does not start, says what to do, and leaves it alone',
  async (bucket, key) => {
    await begin();
    await project.up();
    await underWay('1');
    await crash();
    const newer = JSON.stringify({ version: 99, of: 'the future' });
    await storeWhileDown(key, newer, bucket);
    const daemon = project.start();
    onTestFinished(() => daemon.kill('SIGTERM'));
    const { exitCode, all } = await daemon.ended;
    expect(all).toContain(
      `record ${key} of ${bucket} is of version 99, written by a newer orchestra than this one: start that one again`,
    );
    expect(exitCode).toBe(78);
    expect(await readWhileDown(key, bucket)).toBe(newer);
  },
);

test('nats-server falls silent, and one of its descriptions is broken: it is restarted in its place, and all is there', async () => {
  await begin();
  await project.up();
  await underWay('1');
  const pid = Number((await readFile(join(project.state.nats, 'nats-server.pid'), 'utf8')).trim());
  process.kill(pid, 'SIGSTOP');
  const { streamsFolder } = storeFolder(project.state.nats);
  await writeFile(join(streamsFolder, 'KV_orch_tasks', 'meta.inf'), 'broken');
  await project.fact('writes again', ({ name }) => name === 'node.store.recovered');
  await bothDoneOnce();
  expect(project.factsNamed('node.child.restarted')).toEqual([]);
  expect(project.factsNamed('node.stream.damaged')).toEqual([]);
});

test('ten thousand lines from one agent: some are refused, it is told once, the others go on', async () => {
  const flooder = {
    roles: ['other'],
    adapter: 'command',
    mode: 'kept',
    accept: 'none',
    command: ['sh', '-c', 'while :; do sleep 1; done'],
  };
  await begin({ agents: { kaede: patientAgent, sakura: flooder } });
  await project.up();
  await underWay('1');
  const seed = (await readFile(join(project.state.nats, 'keys', 'sakura.nk'), 'utf8')).trim();
  const url = (await readDaemonFile(project.state.daemonFile))?.natsUrl ?? '';
  await project.fact('sakura', ({ name, about }) => name === 'agent.session.opened' && about === 'sakura');
  const bus = await connectBus({ url, seed, name: 'sakura', inboxPrefix: '_INBOX.sakura' });
  onTestFinished(() => bus.close(100));
  let refused = 0;
  const begun = performance.now();
  for (let start = 0; start < 10_000; start += 500) {
    const said = Array.from({ length: 500 }, (_, n) =>
      bus.request('orchestra.agent.sakura.report.say', { text: `line ${start + n}` }, { timeout: 60_000 }),
    );
    for (const one of await Promise.allSettled(said))
      if (one.status === 'rejected') {
        expect(one.reason).toMatchObject({ remoteCode: 'slow-down' });
        refused += 1;
      }
  }
  const seconds = (performance.now() - begun) / 1_000;
  // A hundred at once and twenty a second: a slow machine gives time for more of them.
  expect(10_000 - refused).toBeLessThanOrEqual(100 + Math.ceil(20 * seconds));
  expect(refused).toBeGreaterThan(0);
  await project.fact('told', ({ name, about }) => name === 'agent.flooding' && about === 'sakura');
  expect(project.factsNamed('agent.flooding').length).toBeLessThanOrEqual(2 + Math.floor(seconds / 60));
  await bothDoneOnce();
});
