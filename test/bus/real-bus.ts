/** A real nats-server of a test's own, on its own port and store, that can be killed and started again; and buses on it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { onTestFinished } from 'vitest';
import type { Bus } from '../../src/bus/bus.ts';
import { connectBus } from '../../src/bus/connect-bus.ts';
import { orchestraStreams } from '../../src/bus/stream-definitions.ts';
import { ensureStreams } from '../../src/bus/streams.ts';
import {
  type LaunchOptions,
  launchNatsServer,
  type NatsServerProcess,
} from '../../src/nats-server/launch.ts';
import { findNatsServer } from '../../src/setup/nats-server.mjs';

export interface RealServer {
  readonly url: string;
  /** Changes when it is started on another port. */
  readonly port: number;
  /** As it was last started. */
  readonly process: NatsServerProcess;
  /** Its folder. */
  readonly directory: string;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same store, and on the same port unless another is given. */
  start(port?: number): Promise<void>;
  /** Kills it and starts it again. */
  crash(): Promise<void>;
  /** A connection with the key of the daemon, or of an agent with its own inbox prefix. */
  connect(user?: string): Promise<Bus>;
}

export async function startServer(options: Partial<LaunchOptions> = {}): Promise<RealServer> {
  const found = await findNatsServer({
    env: process.env,
    stateFolder: join(import.meta.dirname, '..', '..', '.orchestra'),
  });
  if ('problem' in found) throw new Error(found.problem);
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'orchestra-bus-')));
  const launch = (port = options.port) =>
    launchNatsServer({
      binary: found.path,
      version: found.version,
      directory,
      agents: ['kaede', 'sakura'],
      ...options,
      ...(port === undefined ? {} : { port }),
    });
  let server: NatsServerProcess = await launch();
  onTestFinished(async () => {
    await server.stop(5_000);
    await rm(directory, { recursive: true, force: true });
  });

  const kill = async () => {
    process.kill(server.pid, 'SIGKILL');
    await server.exited;
  };
  const start = async (port?: number) => {
    server = await launch(port);
  };
  return {
    get url() {
      return server.url;
    },
    get port() {
      return server.port;
    },
    get process() {
      return server;
    },
    directory,
    kill,
    start,
    async crash() {
      await kill();
      await start();
    },
    async connect(user = 'daemon') {
      const seed = await readFile(server.seedFile(user), 'utf8');
      const bus = await connectBus({ url: server.url, seed, name: user, inboxPrefix: `_INBOX.${user}` });
      onTestFinished(() => bus.close(500));
      return bus;
    },
  };
}

/** A server with the orchestra's streams, and the daemon's bus on it. */
export async function startOrchestra(
  options: Partial<LaunchOptions> = {},
): Promise<{ server: RealServer; bus: Bus }> {
  const server = await startServer(options);
  const bus = await server.connect();
  await ensureStreams(bus, orchestraStreams({ eventSubjects: ['orchestra.task.*.*'], scale: 0.1 }));
  return { server, bus };
}

/** JetStream's API for what a test asks once: the bus's own takes half a second without an answer for none, and asks again. */
export function patientManager(bus: Bus): Promise<JetStreamManager> {
  return jetstreamManager(bus.connection.nats, { checkAPI: false, timeout: 30_000 });
}

/** Collects what arrives, and lets a test wait until it is as expected: an effect, not a time. */
export class Arrivals<Item> {
  readonly items: Item[] = [];
  #changed: (() => void)[] = [];

  readonly add = (item: Item): void => {
    this.items.push(item);
    for (const resolve of this.#changed.splice(0)) resolve();
  };

  async until(isReached: (items: readonly Item[]) => boolean): Promise<readonly Item[]> {
    while (!isReached(this.items)) {
      await new Promise<void>((resolve) => {
        this.#changed.push(resolve);
      });
    }
    return this.items;
  }
}
