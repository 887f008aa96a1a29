/** `orchestra logs --agent`: what an agent's program has printed, as plain text. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findDescendants } from '../../src/processes/descendants.ts';
import { OrchestraProject } from '../daemon/orchestra-project.ts';
import { processesOf } from '../daemon/processes-of.ts';
import { waitUntil } from '../daemon/wait-until.ts';

let project: OrchestraProject;
beforeEach(async () => {
  const script = `printf '\\033[1mhello\\033[0m \\033]0;title\\007\\r\\n'; while read -r line; do echo "heard $line"; done`;
  project = await OrchestraProject.create({
    agents: {
      kaede: { roles: ['codegen'], adapter: 'command', mode: 'kept', command: ['sh', '-c', script] },
      sakura: { roles: ['codegen'], adapter: 'command', command: ['true'] },
    },
  });
  await project.up();
});
afterEach(() => project.remove());

const logs = async (...args: string[]) => project.cli(['logs', ...args], { reject: false });

test('the latest lines, without anything that acts on a terminal, also when the daemon is gone', async () => {
  await waitUntil('its first word', async () => (await logs('--agent', 'kaede')).stdout.includes('hello'));
  await project.cli(['send', 'kaede', 'good day']);
  await waitUntil('its answer', async () =>
    (await logs('-a', 'kaede')).stdout.includes('heard message from'),
  );
  await project.cli(['down']);
  const { stdout } = await logs('--agent', 'kaede');
  expect(stdout).toMatch(/^── \S+Z its program is started ──\nhello\n/u);
  expect(stdout).not.toMatch(/[^\P{Cc}\n]/u);
  expect((await logs('--agent', 'kaede', '-n', '1')).stdout.split('\n')).toHaveLength(1);
});

test.each([
  ['what it prints', ['--agent', 'kaede'], ['send', 'kaede', 'good day'], 'heard message from'],
  ["the daemon's log", [], ['agents', 'restart', 'kaede'], 'agent.restarted'],
])('with --follow, %s later comes as well', async (_what, selection, command, word) => {
  await waitUntil('its first word', async () => (await logs('--agent', 'kaede')).stdout.includes('hello'));
  const following = project.cli(['logs', '--follow', '-n', '1', ...selection], { reject: false });
  let seen = '';
  following.stdout.on('data', (piece) => {
    seen += piece;
  });
  await waitUntil('the last line', () => seen.includes('\n'));
  expect(seen).not.toContain(word);
  await project.cli(command);
  await waitUntil(
    'what came later',
    () => seen.includes(word),
    () => seen,
  );
  following.kill('SIGINT');
  await following;
});

test('of one that has printed nothing that is said; another name is refused', async () => {
  const { stdout, stderr } = await logs('--agent', 'sakura');
  expect(stdout).toBe('');
  expect(stderr).toContain('Nothing that sakura has printed');
  expect((await logs('--agent', '../x')).exitCode).toBe(64);
});

test('when nobody takes it down any more that is told, and goes on with a new writer', async () => {
  await waitUntil('its first word', async () => (await logs('--agent', 'kaede')).stdout.includes('hello'));
  const writers = (await processesOf(project.folder)).filter(({ command }) => command.includes('/output.sh'));
  const own = writers.filter(({ command }) => command.includes('/kaede/'));
  const readers = await findDescendants(own.map(({ pid }) => pid));
  for (const { pid } of [...own, ...readers]) process.kill(pid, 'SIGKILL');
  await project.cli(['send', 'kaede', 'lost']);
  const gap = await project.fact('the gap', ({ name }) => name === 'agent.output.gap');
  expect(gap).toMatchObject({ about: 'kaede', body: { reason: expect.stringContaining('writer') } });
  await project.cli(['send', 'kaede', 'heard again']);
  await waitUntil('the word', async () => (await logs('-a', 'kaede')).stdout.includes('heard again'));
  expect(project.factsNamed('agent.output.gap')).toHaveLength(1);
});
