/** How a command reaches the daemon: with an agent's key inside a pane, with the operator's key elsewhere. */
import { readFile } from 'node:fs/promises';
import type { Bus } from '../bus/bus.ts';
import { BusError } from '../bus/bus-error.ts';
import { connectBus } from '../bus/connect-bus.ts';
import { isRunning } from '../processes/process-table.ts';
import { type DaemonFile, readDaemonFile } from '../state-folder/daemon-file.ts';
import { folderHolder } from '../state-folder/folder-lock.ts';
import type { StateFolder } from '../state-folder/state-folder.ts';
import { callingAgent } from './caller.ts';
import { CliError } from './cli-error.ts';
import { commandName } from './command-name.ts';
import { exitCodes } from './exit-codes.ts';
import { findState, type GlobalOptions } from './find-state.ts';

export type { GlobalOptions } from './find-state.ts';

/** Who speaks: an agent in its pane, or a person. */
export interface DaemonConnection {
  bus: Bus;
  agent: string | undefined;
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

/** What the daemon on a state folder has left; undefined when none runs, also when one was killed and its pid is another's. */
export async function runningDaemon({ daemonFile }: StateFolder): Promise<DaemonFile | undefined> {
  const daemon = await readDaemonFile(daemonFile);
  if (daemon === undefined) return undefined;
  return (await isRunning({ pid: daemon.pid, startTime: daemon.processStart })) ? daemon : undefined;
}

/** @throws CliError when no daemon runs. */
export async function requireDaemon(state: StateFolder): Promise<DaemonFile> {
  const daemon = await runningDaemon(state);
  if (daemon) return daemon;
  const starting = await folderHolder(state.lockFile);
  if (starting !== undefined)
    throw new CliError(
      `The orchestra on ${state.root} (pid ${starting}) is still starting, or just ending; try again in a moment.`,
      exitCodes.unavailable,
    );
  throw new CliError(
    `No orchestra runs on ${state.root}. Start one with \`${commandName()} up\`.`,
    exitCodes.unavailable,
  );
}

/** Whether the daemon said nothing at all, unlike one that refuses. */
export function isSilence(error: unknown): boolean {
  const cause = error instanceof CliError ? error.cause : error;
  return cause instanceof BusError && ['unreachable', 'no-responder', 'timeout'].includes(cause.code);
}

async function connect(options: GlobalOptions): Promise<DaemonConnection> {
  const agent = callingAgent();
  if (agent) {
    const { name, natsUrl, key } = agent;
    return { bus: await dial(natsUrl, key, name, `_INBOX.${name}`), agent: name };
  }
  const daemon = await requireDaemon(await findState(options));
  return { bus: await dial(daemon.natsUrl, daemon.operatorKey, 'orchestra command'), agent: undefined };
}

async function dial(url: string, key: string, name: string, inboxPrefix?: string): Promise<Bus> {
  const seed = await readSeed(key);
  try {
    return await connectBus({ url, seed, name, ...(inboxPrefix ? { inboxPrefix } : {}) });
  } catch (cause) {
    if (cause instanceof BusError && cause.code === 'denied') throw cause;
    throw new CliError(
      `nats-server at ${url} does not answer; \`${commandName()} doctor\` looks further.`,
      exitCodes.unavailable,
      cause,
    );
  }
}

async function readSeed(key: string): Promise<string> {
  try {
    return (await readFile(key, 'utf8')).trim();
  } catch (cause) {
    throw new CliError(
      `The key to the bus cannot be read (${(cause as Error).message}); are you the user who started the orchestra?`,
      exitCodes.unavailable,
      cause,
    );
  }
}
