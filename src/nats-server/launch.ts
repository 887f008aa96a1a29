/** Owns one nats-server as a child process: launches it on its store, reloads it, stops it; knows no machine. */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isExecutableFile } from '../setup/find-program.mjs';
import { oldestNatsServer } from '../setup/nats-server.mjs';
import { isAtLeast } from '../setup/version.mjs';
import type { ServerSettings } from './config-file.ts';
import { seedFile } from './keys.ts';
import { defaultLimits, type NatsServerLimits } from './limits.ts';
import { NatsServerError } from './nats-server-error.ts';
import { keepNewestBlocks, type NewestBlock } from './newest-blocks.ts';
import { choosePort } from './port.ts';
import { knownStreams } from './readiness.ts';
import { reloadServer } from './reload.ts';
import { urlOf } from './server-config.ts';
import type { ServerExit } from './server-process.ts';
import { type StartedServer, startServer } from './start.ts';
import { stopServer } from './stop.ts';
import { storeFolder } from './store-folder.ts';
import { refuseHeldStore } from './store-holder.ts';
import { findUnreadableStreams, setDescriptionsAside } from './unreadable-streams.ts';

export interface LaunchOptions {
  /** The binary and its version, as `findNatsServer` found them. */
  binary: string;
  version: string;
  /** Store, keys, config, log and lock; for example `<state>/nats`. Made when it is not there. */
  directory: string;
  /** A port that the configuration fixes; without one a random port is chosen once and kept. */
  port?: number | undefined;
  /** The names of the agents that may connect. */
  agents: readonly string[];
  limits?: Partial<NatsServerLimits>;
  /** Where descriptions of streams go that nats-server cannot read; default `set-aside` in the directory. */
  setAside?: string;
  /** How long the server may read its store before it answers; default 100 000. */
  startTimeoutMs?: number;
  /** Gives up a start that is not complete. */
  signal?: AbortSignal;
}

export interface NatsServerProcess {
  pid: number;
  /** For clients on this machine; nothing listens anywhere else. */
  url: string;
  port: number;
  /** The kept port that someone else had taken, so that a new one was chosen: written-down addresses are now wrong. */
  replacedPort: number | undefined;
  /** Copies of what the streams' newest files held before this start; whoever has looked at one removes it. */
  newestBlocks: readonly NewestBlock[];
  /** Streams whose descriptions were set aside: made under the same name again, they have their messages. */
  unreadableStreams: readonly string[];
  /** Resolves when the process has ended, for whatever reason. */
  exited: Promise<ServerExit>;
  /** Lets these agents in and no others; disconnects no one who is still allowed. Several calls take their turn. */
  reload: (agents: readonly string[]) => Promise<void>;
  /** SIGTERM, then SIGKILL after `timeoutMs`; resolves when the process has ended. */
  stop: (timeoutMs: number) => Promise<void>;
  /** The file of a user's secret seed: `daemon`, `operator`, or an agent's name. */
  seedFile: (user: string) => string;
}

/** How long a server may take to end before it is started with what was set aside, in ms. */
const stopTimeoutMs = 5_000;

/** A free port can be taken between the look and the start; three times in a row is no coincidence. */
const portAttempts = 3;

/**
 * Starts nats-server and waits until it works. On a store that was used before it keeps the port and the keys. The server
 * dies with the thread that calls this (on Linux), so call it on the main thread. A folder on which a server works is
 * refused before anything in it is touched; two launches at the very same moment are for the daemon's own lock to prevent.
 * @throws NatsServerError, or the reason of `signal`; no process is left behind
 */
export async function launchNatsServer(options: LaunchOptions): Promise<NatsServerProcess> {
  checkBinary(options);
  try {
    return await launch(options);
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new NatsServerError(
      'folder-unusable',
      `nats-server cannot work in ${options.directory} (${cause.message}): make it a folder that this user can write.`,
      cause,
    );
  }
}

function checkBinary({ binary, version }: LaunchOptions): void {
  if (!isExecutableFile(binary)) {
    throw new NatsServerError(
      'missing',
      `${binary} is not a program: run npm start, which gets a nats-server.`,
    );
  }
  if (!isAtLeast(version, oldestNatsServer)) {
    throw new NatsServerError(
      'too-old',
      `${binary} is ${version}: use nats-server ${oldestNatsServer} or newer.`,
    );
  }
}

async function launch(options: LaunchOptions): Promise<NatsServerProcess> {
  const { binary, directory, agents, startTimeoutMs = 100_000, signal } = options;
  const folder = storeFolder(resolve(directory));
  const limits = { ...defaultLimits, ...options.limits };
  await mkdir(folder.root, { recursive: true, mode: 0o700 });
  await refuseHeldStore(folder);
  const newestBlocks = await keepNewestBlocks(folder);

  let replacedPort: number | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const { port, replaces } = await choosePort(folder.portFile, options.port);
    replacedPort ??= replaces;
    const settings = { folder, port, limits };
    try {
      const start = () => startServer(binary, settings, agents, { timeoutMs: startTimeoutMs, signal });
      const { started, unreadableStreams } = await startReadable(start, settings, options.setAside);
      return { ...controls(started, settings), replacedPort, newestBlocks, unreadableStreams };
    } catch (error) {
      const isPortTaken = error instanceof NatsServerError && error.code === 'port-taken';
      if (!isPortTaken || options.port !== undefined || attempt === portAttempts) throw error;
    }
  }
}

/** A server that knows all its streams; for one that does not, those are made readable between two starts. */
async function startReadable(
  start: () => Promise<StartedServer>,
  { folder, port }: ServerSettings,
  setAside = join(folder.root, 'set-aside'),
): Promise<{ started: StartedServer; unreadableStreams: readonly string[] }> {
  const started = await start();
  const known = await knownStreams(urlOf(port), seedFile(folder.keysFolder, 'daemon'));
  const unreadableStreams = known ? await findUnreadableStreams(folder, known) : [];
  if (unreadableStreams.length === 0) return { started, unreadableStreams };
  await stopServer(started.server, stopTimeoutMs);
  await setDescriptionsAside(folder, unreadableStreams, setAside);
  return { started: await start(), unreadableStreams };
}

type Controls = Omit<NatsServerProcess, 'replacedPort' | 'newestBlocks' | 'unreadableStreams'>;

function controls(started: StartedServer, settings: ServerSettings): Controls {
  const { server } = started;
  let keys = started.keys;
  let turn: Promise<unknown> = Promise.resolve();
  return {
    pid: server.pid,
    url: urlOf(settings.port),
    port: settings.port,
    exited: server.exited,
    reload(agents) {
      const reloaded = turn.then(async () => {
        keys = await reloadServer(server, settings, keys, agents);
      });
      turn = reloaded.catch(() => undefined);
      return reloaded;
    },
    stop: (timeoutMs) => stopServer(server, timeoutMs),
    seedFile: (user) => seedFile(settings.folder.keysFolder, user),
  };
}
