/** What an agent's program finds in its environment, and what it never does. */
import { expect, test } from 'vitest';
import { type AgentIdentity, agentEnvironment } from '../../src/agents/agent-environment.ts';

const identity: AgentIdentity = {
  name: 'kaede',
  roles: ['codegen', 'pr'],
  mark: 'abc.kaede',
  folder: '/state/agents/kaede',
  natsUrl: 'nats://127.0.0.1:4333',
  key: '/state/nats/keys/kaede.nk',
  bin: '/state/bin',
  environment: {},
  git: { GIT_AUTHOR_NAME: 'kaede' },
  hooks: '/state/hooks',
};

test('nothing of the daemon comes along but what every program needs', () => {
  const own = {
    PATH: '/usr/bin',
    HOME: '/home/k',
    LC_TIME: 'C',
    TMUX: '/tmp/x',
    TMUX_PANE: '%1',
    AWS_SECRET: 'x',
    GITHUB_TOKEN: 'x',
    NODE_OPTIONS: 'x',
    ORCHESTRA_MARK: 'other',
  };
  expect(agentEnvironment(identity, own)).toEqual({
    PATH: '/state/bin:/usr/bin',
    HOME: '/home/k',
    LC_TIME: 'C',
    LANG: 'C.UTF-8',
    COLORTERM: 'truecolor',
    GIT_AUTHOR_NAME: 'kaede',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'core.hooksPath',
    GIT_CONFIG_VALUE_0: '/state/hooks',
    ORCHESTRA_MARK: 'abc.kaede',
    ORCHESTRA_AGENT: 'kaede',
    ORCHESTRA_ROLES: 'codegen,pr',
    ORCHESTRA_FOLDER: '/state/agents/kaede',
    ORCHESTRA_NATS_URL: 'nats://127.0.0.1:4333',
    ORCHESTRA_NATS_KEY: '/state/nats/keys/kaede.nk',
  });
});

test('the config adds and replaces, but not who the agent is nor where its command lies', () => {
  const environment = {
    LANG: 'ja_JP.UTF-8',
    PATH: '/opt/bin',
    GIT_AUTHOR_NAME: 'x',
    ORCHESTRA_AGENT: 'sakura',
    ORCHESTRA_MARK: 'none',
  };
  expect(agentEnvironment({ ...identity, environment }, { PATH: '/usr/bin', LANG: 'C' })).toMatchObject({
    LANG: 'ja_JP.UTF-8',
    PATH: '/state/bin:/opt/bin',
    GIT_AUTHOR_NAME: 'x',
    ORCHESTRA_AGENT: 'kaede',
    ORCHESTRA_MARK: 'abc.kaede',
  });
});

test('without a PATH there is still one', () => {
  expect(agentEnvironment(identity, {})['PATH']).toBe('/state/bin:/usr/local/bin:/usr/bin:/bin');
});

test('git configuration of the agent stays; our hooks come behind it', () => {
  const environment = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'pull.rebase', GIT_CONFIG_VALUE_0: 'true' };
  expect(agentEnvironment({ ...identity, environment }, {})).toMatchObject({
    ...environment,
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_1: 'core.hooksPath',
    GIT_CONFIG_VALUE_1: '/state/hooks',
  });
});
