/** Reaching the store for a backup: over the bus of the daemon that runs, or with a nats-server of our own while none does. */
import { readFile } from 'node:fs/promises';
import type { Bus } from '../bus/bus.ts';
import { connectBus } from '../bus/connect-bus.ts';
import { launchNatsServer } from '../nats-server/launch.ts';
import { locateNatsServer } from '../nats-server/locate.ts';
import type { StateFolder } from '../state-folder/state-folder.ts';

export interface StoreOptions {
  state: StateFolder;
  /** The path of nats-server in the config. */
  server: string | undefined;
}

/** Runs `act` on the bus of a nats-server of our own; the caller holds the folder's lock. @throws NatsServerError, BusError */
export async function withOwnServer<Result>(
  { state, server }: StoreOptions,
  act: (bus: Bus) => Promise<Result>,
): Promise<Result> {
  const { path: binary, version } = await locateNatsServer(state.root, server);
  const process = await launchNatsServer({ binary, version, directory: state.nats, agents: [] });
  try {
    return await withBus(process.url, process.seedFile('daemon'), act);
  } finally {
    await process.stop(stopPatience);
  }
}

/** Runs `act` on the bus of a server that runs. @param key the path of an nkey seed @throws BusError */
export async function withBus<Result>(
  url: string,
  key: string,
  act: (bus: Bus) => Promise<Result>,
): Promise<Result> {
  const seed = (await readFile(key, 'utf8')).trim();
  const bus = await connectBus({ url, seed, name: 'orchestra backup' });
  try {
    return await act(bus);
  } finally {
    await bus.close();
  }
}

/** How long the server may take to write everything down, in ms. */
const stopPatience = 30_000;
