/** From YAML to a configuration: the defaults, and for every fault its place and its remedy. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { parseConfig, readConfig } from '../../src/config/read-config.ts';
import { faultsOf, saidOf, smallest, temporaryFolder } from './config-text.ts';

const repository = join(import.meta.dirname, '..', '..');

describe('good configurations', () => {
  test('the one that is shipped', async () => {
    const config = await readConfig(join(repository, 'config', 'orchestra.yaml'));
    expect(Object.keys(config.agents)).toEqual(['kaede', 'sakura', 'tsubaki', 'botan']);
    expect(config.flow).toEqual(['codegen', 'review', 'pr', 'deploy']);
    expect(config.watchdog).toEqual({ stall: 300_000, step: 60_000, tool: 1_800_000 });
  });

  test('what is left out has its default', () => {
    expect(parseConfig(smallest, 'orchestra.yaml')).toEqual({
      name: 'miyabi',
      node: 'local',
      repository: '.',
      tracker: { kind: 'local', folder: 'issues', comments: 'ends' },
      push: 'never',
      agents: {
        kaede: { title: '', symbol: '🎵', roles: ['codegen'], environment: {}, adapter: 'sample', pace: 400 },
      },
      flow: ['codegen'],
      labels: {
        codegen: 'status:todo',
        review: 'status:review',
        pr: 'status:ready-pr',
        deploy: 'status:deploy',
      },
      routes: [],
      scheduler: { lease: 60_000, maxAttempts: 3, tick: 5_000 },
      watchdog: { stall: 300_000, step: 60_000, tool: 1_800_000 },
      restart: { intensity: 5, period: 60, cooldown: 600_000 },
      shutdown: { panes: 'end', timeout: 10_000 },
      retention: {
        events: { days: 30, size: 512 * 1_024 ** 2 },
        transitions: { days: 30, size: 256 * 1_024 ** 2 },
        inbox: { days: 7, size: 256 * 1_024 ** 2 },
        deadLetters: { days: 30, size: 64 * 1_024 ** 2 },
      },
      sweep: { interval: 600_000 },
      processes: { cgroup: 'auto' },
      nats: {},
      disk: {},
      tmux: { history: 5_000, poll: 100 },
      inspector: { port: 0, url: 'https://stately.ai/inspect' },
      log: { level: 'info', output: 16 },
    });
  });

  test('a section that is given in part keeps its other defaults', () => {
    const config = parseConfig(`${smallest}scheduler:\n  lease: 90s\n`, 'orchestra.yaml');
    expect(config.scheduler).toEqual({ lease: 90_000, maxAttempts: 3, tick: 5_000 });
  });

  test('a command agent has the defaults of its kind', () => {
    const text = smallest.replace('adapter: sample', 'adapter: command\n    command: [my-agent, --go]');
    expect(parseConfig(text, 'orchestra.yaml').agents['kaede']).toMatchObject({
      command: ['my-agent', '--go'],
      mode: 'task',
      ready: 'immediately',
      accept: 'report',
    });
  });

  test('anchors and aliases may be used', () => {
    const text = smallest.replace('[codegen]', '&roles [codegen]').replace('flow: [codegen]', 'flow: *roles');
    expect(parseConfig(text, 'orchestra.yaml').flow).toEqual(['codegen']);
  });
});

describe('faults name file, line, column and key', () => {
  const line6 = (text: string) => `${smallest}${text}\n`;

  test.each([
    [
      'a mistyped section',
      line6('shedulr: {}'),
      'orchestra.yaml:6:1 shedulr: unknown key; did you mean "scheduler"?',
    ],
    [
      'a mistyped key',
      line6('scheduler:\n  leese: 1s'),
      'orchestra.yaml:7:3 scheduler.leese: unknown key; did you mean "lease"?',
    ],
    [
      'a mistyped key of an agent',
      smallest.replace('adapter: sample', 'adapter: sample\n    sybmol: x'),
      'orchestra.yaml:5:5 agents.kaede.sybmol: unknown key; did you mean "symbol"?',
    ],
    [
      'a mistyped key of a route',
      line6('routes:\n  - lables: [docs]'),
      'orchestra.yaml:7:5 routes.0.lables: unknown key; did you mean "labels"?',
    ],
    [
      'a key like no other',
      line6('log:\n  somethingElse: 1'),
      'orchestra.yaml:7:3 log.somethingElse: unknown key; known here: level, output',
    ],
    [
      'a flow role without an agent',
      smallest.replace('flow: [codegen]', 'flow: [codegen, review]'),
      'orchestra.yaml:5:17 flow.1: no agent has the role "review"; give it to an agent, or leave the stage out',
    ],
    [
      'a route role without an agent',
      line6('routes:\n  - flow: [pr]'),
      'orchestra.yaml:7:12 routes.0.flow.0: no agent has the role "pr"; give it to an agent, or leave the stage out',
    ],
    [
      'a pin to nobody',
      line6('routes:\n  - agents: { codegen: momiji }'),
      'orchestra.yaml:7:15 routes.0.agents.codegen: "momiji" is no agent with the role "codegen"',
    ],
    [
      'a pin to what every object has',
      line6('routes:\n  - agents: { codegen: constructor }'),
      'orchestra.yaml:7:15 routes.0.agents.codegen: "constructor" is no agent with the role "codegen"',
    ],
    [
      'a name that cannot be a subject',
      smallest.replace('kaede', 'Kaede'),
      'orchestra.yaml:2:3 agents.Kaede: use 1 to 32 of a-z, 0-9 and -, for example "kaede"',
    ],
    [
      'a fault under a key that is a number',
      smallest.replace('kaede', '1').replace('sample', 'sample\n    pace: soon'),
      'orchestra.yaml:2:3 agents.1.pace: "soon" is no duration; write for example 90s, 5m or 1h',
    ],
    [
      'a duration without sense',
      line6('watchdog:\n  stall: soon'),
      'orchestra.yaml:7:3 watchdog.stall: "soon" is no duration; write for example 90s, 5m or 1h',
    ],
    [
      'a list for a duration',
      line6('watchdog:\n  stall: [5m]'),
      'orchestra.yaml:7:3 watchdog.stall: this is no duration; write for example 90s, 5m or 1h',
    ],
    [
      'a duration longer than a timer runs',
      line6('watchdog:\n  stall: 365d'),
      'orchestra.yaml:7:3 watchdog.stall: "365d" is too long; the most is 24d',
    ],
    ['a key twice', line6('flow: [codegen]'), 'orchestra.yaml:6:1 Map keys must be unique'],
    ['a tab', 'agents:\n\tkaede: {}\n', 'orchestra.yaml:2:1 Tabs are not allowed as indentation'],
    [
      'an alias of nothing',
      line6('name: *nobody'),
      'orchestra.yaml:6:7 Unresolved alias (the anchor must be set before the alias): nobody',
    ],
    [
      'Windows line ends',
      line6('nam: x').replaceAll('\n', '\r\n'),
      'orchestra.yaml:6:1 nam: unknown key; did you mean "name"?',
    ],
  ])('%s', (_name, text, said) => {
    expect(saidOf(text)).toEqual([said]);
  });

  test.each(['all', 'conductor', 'operator', 'daemon', 'overview'])('the reserved name %s', (name) => {
    expect(saidOf(smallest.replace('kaede', name))).toEqual([
      `orchestra.yaml:2:3 agents.${name}: "${name}" is a reserved name; choose another`,
    ]);
  });

  test.each([
    ['no agents', 'flow: [codegen]\n', 'agents', 1],
    ['an unknown adapter', smallest.replace('sample', 'claude'), 'agents.kaede.adapter', 4],
    ['no roles', smallest.replace('[codegen]\n', '[]\n'), 'agents.kaede.roles', 3],
    ['a command agent without a command', smallest.replace('sample', 'command'), 'agents.kaede.command', 2],
    ['a section that is empty', `${smallest}scheduler:\n`, 'scheduler', 6],
    ['no attempts', `${smallest}scheduler:\n  maxAttempts: 0\n`, 'scheduler.maxAttempts', 7],
    ['a port out of range', `${smallest}nats:\n  port: 70000\n`, 'nats.port', 7],
    ['an inspector that is no web page', `${smallest}inspector:\n  url: file:///x\n`, 'inspector.url', 7],
    [
      'a bad variable name',
      smallest.replace('sample', 'sample\n    environment: { "A B": x }'),
      'agents.kaede.environment.A B',
      5,
    ],
  ])('%s', (_name, text, key, line) => {
    expect(faultsOf(text)).toContainEqual(expect.objectContaining({ file: 'orchestra.yaml', key, line }));
  });

  test('all of them at once', () => {
    const text = `${smallest}shedulr: {}\nwatchdog:\n  stall: soon\n`;
    expect(
      faultsOf(text)
        .map(({ line }) => line)
        .toSorted(),
    ).toEqual([6, 8]);
  });

  test.each([
    ['nothing', ''],
    ['a list', '- 1\n'],
    ['a text', 'hello\n'],
    ['brackets without end', 'agents: [\n'],
    ['two documents', `${smallest}---\n${smallest}`],
    [
      'aliases without end',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(9)}*a]\nc: &c [${'*b,'.repeat(9)}*b]\nd: [${'*c,'.repeat(9)}*c]\n${smallest}`,
    ],
  ])('%s is refused in good order', (_name, text) => {
    for (const fault of faultsOf(text)) {
      expect(fault.line).toBeGreaterThan(0);
      expect(fault.column).toBeGreaterThan(0);
    }
  });
});

describe('files', () => {
  test('one that is not there', async () => {
    const file = join(await temporaryFolder(), 'orchestra.yaml');
    await expect(readConfig(file)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('--config'),
    });
  });

  test('one that cannot be read', async () => {
    const file = join(await temporaryFolder(), 'orchestra.yaml');
    await mkdir(file);
    await expect(readConfig(file)).rejects.toMatchObject({
      code: 'unreadable',
      message: expect.stringContaining(file),
    });
  });

  test('the error tells everything in its message', async () => {
    const file = join(await temporaryFolder(), 'orchestra.yaml');
    await writeFile(file, `${smallest}nam: x\n`);
    const error: unknown = await readConfig(file).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toContain(`${file}:6:1 nam: unknown key; did you mean "name"?`);
  });
});
