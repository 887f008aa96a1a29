/** A nats-server of our own on a given store. */
import { join } from 'node:path';
import { launchNatsServer, type NatsServerProcess } from '../../src/nats-server/launch.ts';
import { packageRoot } from '../../src/package/package-root.ts';
import { findNatsServer, natsServerFolder, packageFolders } from '../../src/setup/nats-server.mjs';

/** @throws Error when there is no nats-server on this machine */
export async function launchServer(
  directory: string,
  agents: readonly string[] = [],
): Promise<NatsServerProcess> {
  const stateFolder = join(packageRoot, '.orchestra');
  const alsoIn = [...packageFolders, natsServerFolder(stateFolder)];
  const found = await findNatsServer({ env: process.env, stateFolder, alsoIn });
  if ('problem' in found) throw new Error(found.problem);
  return launchNatsServer({ binary: found.path, version: found.version, directory, agents });
}
