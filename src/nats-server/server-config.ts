/** The text of nats.conf: loopback only, one account for the orchestra, everyone with a key of its own. */
import type { NatsServerLimits } from './limits.ts';
import { agentPermissions } from './permissions.ts';
import type { StoreFolder } from './store-folder.ts';
import { ownUsers } from './users.ts';

export interface ServerConfig {
  folder: StoreFolder;
  port: number;
  limits: NatsServerLimits;
  /** Public keys by user name: ours, and an agent each. */
  keys: ReadonlyMap<string, string>;
}

/** The address that clients connect to; nothing listens anywhere else. */
export const host = '127.0.0.1';

export function urlOf(port: number): string {
  return `nats://${host}:${port}`;
}

/**
 * Renders the config. There is no `no_auth_user`, no HTTP monitor (it knows no authentication), and the system account
 * has no users. What the daemon and the operator may do is not limited inside the orchestra's account.
 */
export function renderServerConfig({ folder, port, limits, keys }: ServerConfig): string {
  const users = [...keys].map(([name, key]) =>
    ownUsers.some((own) => own === name)
      ? `{ nkey: ${key} } # ${name}`
      : `{ nkey: ${key}, permissions: ${permissionsOf(name)} } # ${name}`,
  );
  return `# Written by the orchestra daemon at each start and reload: changes made here are lost.
server_name: orchestra
host: ${host}
port: ${port}
pid_file: ${quote(folder.pidFile)}
log_file: ${quote(folder.logFile)}
logfile_size_limit: ${limits.logBytes}
logfile_max_num: ${limits.logFiles}
max_payload: ${limits.payloadBytes}
max_pending: ${limits.pendingBytes}
max_connections: ${limits.connections}
authorization { timeout: ${limits.authorizationMs / 1_000} }
write_deadline: "${limits.writeDeadlineMs}ms"
jetstream {
  store_dir: ${quote(folder.jetStreamFolder)}
  max_memory_store: ${limits.memoryBytes}
  max_file_store: ${limits.storeBytes}
  sync_interval: ${limits.syncIntervalMs === 'always' ? 'always' : `"${limits.syncIntervalMs}ms"`}
}
system_account: SYS
accounts {
  SYS { }
  ORCH {
    jetstream: enabled
    users: [
      ${users.join('\n      ')}
    ]
  }
}
`;
}

function permissionsOf(agent: string): string {
  const { publish, subscribe, allowResponses } = agentPermissions(agent);
  const responses = `{ max: ${allowResponses.max}, expires: ${quote(allowResponses.expires)} }`;
  return `{ publish: [${publish.map(quote).join(', ')}], subscribe: [${subscribe.map(quote).join(', ')}], allow_responses: ${responses} }`;
}

/** A double-quoted string of the config language, whose escapes are a part of JSON's; variables are not expanded in it. */
function quote(text: string): string {
  return JSON.stringify(text);
}
