/** Completion: what the shell's script is answered, with a daemon and without, and how the script is got. */
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allMachines } from '../../src/charts/all-machines.ts';
import { OrchestraProject } from '../daemon/orchestra-project.ts';

const sleeper = { roles: ['codegen'], adapter: 'command', command: ['sleep', '3000'] };

let project: OrchestraProject;
beforeAll(async () => {
  project = await OrchestraProject.create({
    agents: { kaede: sleeper, sakura: sleeper },
    issues: { '1-one': { title: 'One' }, '2-two': { title: 'Two', blocked_by: [1] } },
  });
});
afterAll(() => project.remove());

/** However slow the machine, the daemon's answer is what is shown. */
const env = { ORCHESTRA_COMPLETION_PATIENCE: '30s' };

/** The words offered for the last one, and the directive. */
async function completed(...words: string[]) {
  const { stdout, stderr, exitCode } = await project.cli(['complete', '--', ...words], {
    reject: false,
    env,
  });
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  const lines = stdout.split('\n');
  return { directive: lines.at(-1), offered: lines.slice(0, -1).map((line) => line.split('\t')[0]) };
}
const offered = async (...words: string[]) => (await completed(...words)).offered;

const takeAgents = [
  ['agents', 'nudge'],
  ['agents', 'interrupt'],
  ['agents', 'restart'],
  ['agents', 'revive'],
  ['attach'],
  ['inbox'],
  ['inbox', '--limit', '3'],
  ['logs', '--agent'],
  ['replay', '--agent'],
  ['events', '--follow', '--about'],
];

describe('without a daemon', () => {
  test.each(takeAgents)('%s %s: the agents of the config file', async (...words) => {
    expect(await offered(...words, '')).toEqual(['kaede', 'sakura']);
    expect(await offered(...words, 'sa')).toEqual(['sakura']);
  });

  test('the config file that is named on the line; one with faults too; what is no name is left out', async () => {
    const odd = { 'a b': {}, '$(touch x)': {}, momiji: null };
    await project.writeConfig({ agents: odd });
    expect(await offered('send', '')).toEqual(['momiji', 'all']);
    const elsewhere = await OrchestraProject.create({ agents: { ume: sleeper } });
    try {
      expect(await offered('--config', elsewhere.path('orchestra.yaml'), 'attach', '')).toEqual(['ume']);
    } finally {
      await elsewhere.remove();
      await project.writeConfig({
        state: 'state',
        repository: 'repository',
        flow: ['codegen'],
        agents: { kaede: sleeper, sakura: sleeper },
      });
    }
  });

  test('nothing where nothing is known', async () => {
    expect(await offered('tree', 'kill', '')).toEqual([]);
    expect(await offered('--config', 'nowhere.yaml', 'attach', '')).toEqual([]);
    expect(await offered('agents', 'nudge', 'kaede', '')).toEqual([]);
    expect(await offered('nats', '--name', '')).toEqual([]);
    expect(await offered('replay', '--from', '')).toEqual([]);
  });

  test('machines by name, one after another', async () => {
    expect(await offered('machines', '')).toEqual(allMachines.map(({ id }) => id));
    expect(await offered('machines', '--json', 'agent', 'sup')).toEqual(['supervisor']);
  });

  test('commands, options and choices', async () => {
    expect(await offered('ag')).toEqual(['agents']);
    expect(await offered('agents', 're')).toEqual(['restart', 'revive']);
    expect(await offered('replay', '--p')).toEqual(['--page', '--plain']);
    expect(await offered('tasks', '--state', 'wo')).toEqual(['working']);
    expect(await offered('complete', '')).toEqual([]);
  });

  test.each([
    ['machines', '--out'],
    ['import'],
    ['import', '--to'],
    ['--config'],
    ['status', '--state-folder'],
  ])('%s %s: paths are left to the shell', async (...words) => {
    expect(await completed(...words, '')).toEqual({ directive: ':0', offered: [] });
    expect(await completed(...words, 'ch')).toEqual({ directive: ':0', offered: [] });
  });
});

describe('with a daemon', () => {
  beforeAll(() => project.up());

  test('the places in its tree', async () => {
    const places = await offered('tree', 'kill', 'ensemble/agents/agent:k');
    expect(places).toContain('ensemble/agents/agent:kaede');
    expect(places).toContain('ensemble/agents/agent:kaede/pane');
    expect(await offered('tree', 'k')).toEqual(['kill']);
    expect(await offered('tree', 'brok')).toContain('broker/natsServer');
  });

  test('its tasks: all, or those that can be released or tried again', async () => {
    await project.fact('task 1 under way', ({ name }) => name === 'task.accepted');
    await project.fact('task 2 seen', ({ name, about }) => name === 'task.discovered' && about === '2');
    expect(await offered('task', 'show', '')).toEqual(['1', '2']);
    expect(await offered('task', 'release', '')).toEqual(['1']);
    expect(await offered('task', 'retry', '')).toEqual([]);
    expect(await offered('outbox', 'drop', '')).toEqual([]);
  });

  test('its agents, whatever the config says by now', async () => {
    await project.writeConfig({ state: 'state', repository: 'repository', flow: ['codegen'], agents: {} });
    expect(await offered('agents', 'nudge', '')).toEqual(['kaede', 'sakura']);
    expect(await offered('send', '')).toEqual(['kaede', 'sakura', 'all']);
  });
});

test.each(['bash', 'zsh', 'fish', 'powershell'])('the script for %s asks this command', async (shell) => {
  const { stdout } = await project.cli(['complete', shell]);
  expect(stdout).toMatch(/complete ('--'|--) /u);
  if (shell === 'bash') await execa('bash', ['-n'], { input: stdout });
});

test('no shell, and one that is unknown', async () => {
  const none = await project.cli(['complete'], { reject: false });
  expect(none).toMatchObject({
    exitCode: 64,
    stderr: expect.stringContaining("missing required argument 'shell'"),
  });
  expect((await project.cli(['complete', '--help'])).stdout).toContain(
    'orchestra complete [options] <shell>',
  );
  const unknown = await project.cli(['complete', 'tcsh'], { reject: false });
  expect(unknown).toMatchObject({
    exitCode: 64,
    stderr: 'There is no completion for "tcsh"; there is for bash, zsh, fish, powershell.',
  });
});
