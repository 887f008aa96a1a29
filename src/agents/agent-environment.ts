/** What an agent's program finds in its environment: what every program needs, what identifies it, and what its config adds. */
import { delimiter } from 'node:path';

/** Passed on from the daemon's own environment; all else, its secrets and TMUX above all, is not. */
const passedOn = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TMPDIR',
  'XDG_RUNTIME_DIR',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_CACHE_HOME',
  'XDG_STATE_HOME',
];

export interface AgentIdentity {
  name: string;
  roles: readonly string[];
  mark: string;
  folder: string;
  natsUrl: string;
  /** Path of its nkey seed. */
  key: string;
  /** Folder with the `orchestra` command. */
  bin: string;
  /** From the config. */
  environment: Readonly<Record<string, string>>;
  /** Commit identity. */
  git: Readonly<Record<string, string>>;
  /** Folder of the git hooks that stand before the repository's own. */
  hooks: string;
}

export function agentEnvironment(identity: AgentIdentity, own: NodeJS.ProcessEnv): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(own)) {
    if (value !== undefined && (passedOn.includes(name) || name.startsWith('LC_'))) environment[name] = value;
  }
  return {
    LANG: 'C.UTF-8',
    ...environment,
    COLORTERM: 'truecolor',
    ...identity.git,
    ...identity.environment,
    ...gitHooks(identity),
    PATH: [
      identity.bin,
      identity.environment['PATH'] ?? environment['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    ].join(delimiter),
    ORCHESTRA_MARK: identity.mark,
    ORCHESTRA_AGENT: identity.name,
    ORCHESTRA_ROLES: identity.roles.join(','),
    ORCHESTRA_FOLDER: identity.folder,
    ORCHESTRA_NATS_URL: identity.natsUrl,
    ORCHESTRA_NATS_KEY: identity.key,
  };
}

/** Git's configuration by environment (git-config(1), GIT_CONFIG_COUNT), behind what the agent's config has put there. */
function gitHooks({ environment, hooks }: AgentIdentity): Record<string, string> {
  const entry = Number(environment['GIT_CONFIG_COUNT'] ?? 0);
  return {
    GIT_CONFIG_COUNT: String(entry + 1),
    [`GIT_CONFIG_KEY_${entry}`]: 'core.hooksPath',
    [`GIT_CONFIG_VALUE_${entry}`]: hooks,
  };
}
