/** Writes nats.conf for a set of agents; each user has a key afterwards. */
import { rename, writeFile } from 'node:fs/promises';
import { publicKeys } from './keys.ts';
import type { NatsServerLimits } from './limits.ts';
import { renderServerConfig } from './server-config.ts';
import type { StoreFolder } from './store-folder.ts';
import { checkAgentNames, ownUsers } from './users.ts';

export interface ServerSettings {
  folder: StoreFolder;
  port: number;
  limits: NatsServerLimits;
}

/**
 * Replaces the config file in one step.
 * @returns the public keys it lets in, by user name
 * @throws NatsServerError `bad-user-name` or `bad-file`; the old file stays
 */
export async function writeConfigFile(
  settings: ServerSettings,
  agents: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  checkAgentNames(agents);
  const { folder } = settings;
  const keys = await publicKeys(folder.keysFolder, [...ownUsers, ...agents]);
  const arriving = `${folder.configFile}.new`;
  await writeFile(arriving, renderServerConfig({ ...settings, keys }), { mode: 0o600 });
  await rename(arriving, folder.configFile);
  return keys;
}
