import { readFile, stat, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OrchestraProject } from '../daemon/orchestra-project.ts';

let project: OrchestraProject;
beforeAll(async () => {
  project = await OrchestraProject.create({
    agents: {
      kaede: {
        title: 'カエデ',
        symbol: '🎹',
        roles: ['codegen'],
        adapter: 'command',
        command: ['sh', '-c', 'sleep 3000'],
      },
      sakura: { roles: ['review'], adapter: 'command', command: ['true'] },
    },
    flow: ['codegen', 'review'],
    issues: { '1-one': { title: 'A title' }, '2-two': { title: '二つ目', priority: 3, blocked_by: [1] } },
  });
  await project.up();
  await project.fact('task 1 under way', ({ name }) => name === 'task.accepted');
  await project.fact('task 2 seen', ({ name, about }) => name === 'task.discovered' && about === '2');
});
afterAll(() => project.remove());

const json = async (...args: string[]) => JSON.parse((await project.cli([...args, '--json'])).stdout);
const failing = (...args: string[]) => project.cli(args, { reject: false });

test('status, agents and tasks print tables, and JSON on demand', async () => {
  const status = await project.cli(['status']);
  expect(status.stdout).toMatch(/2 tasks: 1 under way, 1 waiting/u);
  expect(status.stdout).toMatch(/🎹 kaede カエデ +codegen +working +.* +#1 A title/u);
  expect(status.stdout).not.toContain('need');
  expect(await json('status')).toMatchObject({
    pid: project.daemon.pid,
    tasks: { total: 2, working: 1 },
    idle: false,
    diskIsLow: false,
    keepsPanes: false,
  });
  expect((await json('agents')).map(({ name }: { name: string }) => name)).toEqual(['kaede', 'sakura']);
  const tasks = await json('tasks');
  expect(tasks).toMatchObject([
    { id: '1', state: 'working', stage: 'codegen', agent: 'kaede', blockedBy: [] },
    { id: '2', priority: 3, state: 'waiting', stage: 'codegen', blockedBy: ['1'] },
  ]);
  expect((await json('tasks', '--state', 'waiting', '--limit', '1'))[0].title).toBe('二つ目');
  expect((await project.cli(['tasks', '--state', 'failed'])).stdout).toBe('No tasks are failed.');
});

test('task show tells everything; an unknown task is an error that helps', async () => {
  const { stdout } = await project.cli(['task', 'show', '2']);
  expect(stdout).toMatch(/#2 二つ目[\s\S]*state +waiting[\s\S]*blocked by +#1/u);
  const unknown = await failing('task', 'show', '99');
  expect(unknown.exitCode).toBe(64);
  expect(unknown.stderr).toContain('there is no task "99"; `orchestra tasks` lists them');
});

test.each([
  [['task', 'show', '../x'], 'id: a task id is made of A-Z, a-z, 0-9, _ and -'],
  [['inbox', 'Kaede'], 'There is no agent "Kaede". Did you mean "kaede"?'],
  [['agents', 'revive', '../x'], 'There is no agent "../x". There are: kaede, sakura.'],
])('%j is refused in words for people', async (words, stderr) => {
  expect(await failing(...words)).toMatchObject({ exitCode: 64, stdout: '', stderr });
});

test.each([
  ['agents', 'nudge', 'kaedee'],
  ['agents', 'interrupt', 'kaedee'],
  ['agents', 'restart', 'kaedee'],
  ['agents', 'revive', 'kaedee'],
  ['attach', 'kaedee'],
  ['inbox', 'kaedee'],
  ['logs', '--agent', 'kaedee'],
])('%s %s of an agent that is none is a usage error', async (...words) => {
  expect(await failing(...words)).toMatchObject({
    exitCode: 64,
    stdout: '',
    stderr: 'There is no agent "kaedee". Did you mean "kaede"?',
  });
});

test('a write that is none, and a backup into no folder, are refused in words', async () => {
  const stderr = 'there is no write "nonsense"; `orchestra outbox` lists them';
  expect(await failing('outbox', 'retry', 'nonsense')).toMatchObject({ exitCode: 64, stderr });
  const nowhere = await failing('backup', project.path('none/x.tar.gz'));
  expect(nowhere).toMatchObject({
    exitCode: 1,
    stderr: `There is no folder ${project.path('none')}: make it, or name a file in another one.`,
  });
});

test('a note is given once', async () => {
  expect(await failing('task', 'done', 'this', '--note', 'that')).toMatchObject({
    exitCode: 64,
    stderr: 'Give the note once: as the argument, or with --note.',
  });
});

test('a message reaches one or all, and is seen in the inbox', async () => {
  expect((await project.cli(['send', 'all', 'こんにちは'])).stdout).toBe('stored for kaede, sakura');
  const inbox = await json('inbox', 'sakura');
  expect(inbox).toMatchObject([{ from: 'operator', text: 'こんにちは' }]);
  const mistyped = await failing('send', 'kaedee', 'x');
  expect(mistyped).toMatchObject({
    exitCode: 64,
    stderr: 'There is no agent "kaedee"; there are kaede, sakura, and "all".',
  });
});

test('agents can be interrupted, and released from a task', async () => {
  const from = project.facts.length;
  await project.cli(['agents', 'interrupt', 'kaede']);
  await project.fact('interruption', ({ name }) => name === 'agent.interrupted');
  await project.fact('the next try', ({ name }) => name === 'task.accepted', from);
  const released = await failing('task', 'release', '2');
  expect(released.stderr).toContain('task 2 is waiting; nobody holds it');
});

test('events show what happened, as lines or as JSON', async () => {
  const { stdout } = await project.cli(['events', '--about', '1', '--limit', '2']);
  expect(stdout.split('\n')).toHaveLength(2);
  const all = (await project.cli(['events', '--json'])).stdout.split('\n').map((line) => JSON.parse(line));
  expect(all.map(({ name }) => name)).toContain('node.started');
});

test('doctor finds everything in order', async () => {
  const { stdout, exitCode } = await project.cli(['doctor']);
  expect(exitCode).toBe(0);
  for (const what of [
    'node',
    'tmux',
    'git',
    'nats-server',
    'config',
    'disk',
    'repository',
    'tracker',
    'daemon',
    'processes',
    'orphans',
  ]) {
    expect(stdout).toMatch(new RegExp(`^✔ ${what} |^\\S*✔\\S* ${what} `, 'mu'));
  }
});

test('nats prints or writes a context for the nats CLI', async () => {
  const context = await json('nats');
  expect(context.url).toMatch(/^nats:\/\/127\.0\.0\.1:\d+$/u);
  expect((await stat(context.nkey)).mode & 0o777).toBe(0o600);
  const home = project.path('xdg');
  await project.cli(['nats', '--write'], { env: { XDG_CONFIG_HOME: home } });
  expect(JSON.parse(await readFile(`${home}/nats/context/orchestra.json`, 'utf8'))).toEqual(context);
});

test('attach prints its command where there is no terminal', async () => {
  const { stdout } = await project.cli(['attach', '--print']);
  expect(stdout).toContain(`-S ${project.state.tmuxSocket} attach-session`);
  expect((await failing('attach')).stderr).toContain('orchestra attach --print');
  expect((await project.cli(['attach', 'kaede', '--print'])).stdout).toMatch(/select-window -t %\d+$/u);
});

test('import takes issues and names bad records', async () => {
  const file = project.path('issues.jsonl');
  await writeFile(
    file,
    '{"number": 5, "title": "Imported", "body": "x", "createdAt": "2026-01-01T00:00:00Z"}\n{"number": "six"}\n',
  );
  const { stdout, stderr, exitCode } = await failing('import', file, '--to', project.path('elsewhere'));
  expect(stdout).toContain('1 imported');
  expect(stderr).toMatch(/issues\.jsonl:2:/u);
  expect(exitCode).toBe(1);
});

test('reports are for agents in their panes', async () => {
  const { exitCode, stderr } = await failing('task', 'done');
  expect(exitCode).toBe(64);
  expect(stderr).toContain('Only an agent reports, from inside its pane');
});

test('a mistyped command or option is named with the nearest known one', async () => {
  const { exitCode, stderr } = await failing('statsu');
  expect(exitCode).toBe(64);
  expect(stderr).toContain('Did you mean status?');
});

test('help has examples, and completion knows the commands', async () => {
  expect((await project.cli(['--help'])).stdout).toContain('orchestra send kaede');
  expect((await project.cli(['complete', 'bash'])).stdout).toContain('complete');
  expect((await project.cli(['complete', '--', 'st'])).stdout).toContain('status');
});

test('a config with faults ends with 78 and names file, line and column', async () => {
  const file = project.path('bad.yaml');
  await writeFile(file, 'agents:\n  kaede:\n    roles: codegen\n    adapter: command\n    command: [x]\n');
  const { exitCode, stderr } = await failing('--config', file, '--state-folder', project.path('other'), 'up');
  expect(exitCode).toBe(78);
  expect(stderr).toMatch(/bad\.yaml:3:5 agents\.kaede\.roles: /u);
});
