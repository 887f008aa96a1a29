/** How a command reaches the daemon: with an agent's key inside a pane, with the operator's key elsewhere. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Bus } from '../bus/bus.ts';
import { connectBus } from '../bus/connect-bus.ts';
import { findConfig } from '../config/find-config.ts';
import { readConfig } from '../config/read-config.ts';
import { type DaemonFile, readDaemonFile } from '../state-folder/daemon-file.ts';
import { locateState } from '../state-folder/locate-state.ts';
import { type StateFolder, stateFolder } from '../state-folder/state-folder.ts';
import { CliError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  config?: string;
  stateFolder?: string;
}

/** Who speaks: an agent in its pane, or a person. */
export interface DaemonConnection {
  bus: Bus;
  agent: string | undefined;
  daemon: DaemonFile | undefined;
}

/** Runs `act` with a connection and closes it, whatever happens. */
export async function withDaemon<T>(
  options: GlobalOptions,
  act: (connection: DaemonConnection) => Promise<T>,
): Promise<T> {
  const connection = await connect(options);
  try {
    return await act(connection);
  } finally {
    await connection.bus.close();
  }
}

/** The state folder that a command means: named, from the environment, or from the config. */
export async function findState({ stateFolder: folder, config }: GlobalOptions): Promise<StateFolder> {
  const named = folder ?? process.env['ORCHESTRA_STATE'];
  if (named !== undefined) return stateFolder(resolve(named));
  const { file, project } = await findConfig(config ?? process.env['ORCHESTRA_CONFIG'], process.cwd());
  return locateState(project, (await readConfig(file)).state, process.env);
}

/** @throws CliError when no daemon runs. */
export async function requireDaemon(state: StateFolder): Promise<DaemonFile> {
  const daemon = await readDaemonFile(state.daemonFile);
  if (daemon && isRunning(daemon.pid)) return daemon;
  throw new CliError(
    `No orchestra runs on ${state.root}. Start one with \`orchestra up\`.`,
    exitCodes.unavailable,
  );
}

async function connect(options: GlobalOptions): Promise<DaemonConnection> {
  const { ORCHESTRA_AGENT: agent, ORCHESTRA_NATS_URL: url, ORCHESTRA_NATS_KEY: key } = process.env;
  if (agent && url && key) {
    const bus = await dial(url, key, agent, `_INBOX.${agent}`);
    return { bus, agent, daemon: undefined };
  }
  const daemon = await requireDaemon(await findState(options));
  const bus = await dial(daemon.natsUrl, daemon.operatorKey, 'orchestra command');
  return { bus, agent: undefined, daemon };
}

async function dial(url: string, key: string, name: string, inboxPrefix?: string): Promise<Bus> {
  const seed = (await readFile(key, 'utf8')).trim();
  try {
    return await connectBus({ url, seed, name, ...(inboxPrefix ? { inboxPrefix } : {}) });
  } catch (cause) {
    throw new CliError(
      `nats-server at ${url} does not answer; \`orchestra doctor\` looks further.`,
      exitCodes.unavailable,
      cause,
    );
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
