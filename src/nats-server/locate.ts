/** The nats-server that this installation runs: as set-up finds it, and the one that set-up itself has fetched. */
import { join } from 'node:path';
import { packageRoot } from '../package/package-root.ts';
import {
  type FoundNatsServer,
  findNatsServer,
  natsServerFolder,
  packageFolders,
} from '../setup/nats-server.mjs';
import { NatsServerError } from './nats-server-error.ts';

/**
 * @param stateFolder the daemon's own
 * @param configured a path from the configuration: used or refused, as ORCHESTRA_NATS_SERVER is
 * @throws NatsServerError `missing` or `too-old`, with the remedy
 */
export async function locateNatsServer(
  stateFolder: string,
  configured: string | undefined,
): Promise<FoundNatsServer> {
  const env = configured === undefined ? process.env : { ...process.env, ORCHESTRA_NATS_SERVER: configured };
  const alsoIn = [...packageFolders, natsServerFolder(join(packageRoot, '.orchestra'))];
  const found = await findNatsServer({ env, stateFolder, alsoIn });
  if ('problem' in found) throw new NatsServerError(found.code, found.problem);
  return found;
}
