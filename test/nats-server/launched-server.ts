/** Real nats-servers for tests: each in a folder of its own, ended and removed when the test is over. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node';
import { onTestFinished } from 'vitest';
import {
  type LaunchOptions,
  launchNatsServer,
  type NatsServerProcess,
} from '../../src/nats-server/launch.ts';
import { findNatsServer } from '../../src/setup/nats-server.mjs';

/** The nats-server that `npm test` has seen to. */
export async function natsServerBinary(): Promise<{ binary: string; version: string }> {
  const result = await findNatsServer({
    env: process.env,
    stateFolder: join(import.meta.dirname, '..', '..', '.orchestra'),
  });
  if ('problem' in result) throw new Error(result.problem);
  return { binary: result.path, version: result.version };
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestra nats-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function launch(
  directory: string,
  options: Partial<LaunchOptions> = {},
): Promise<NatsServerProcess> {
  const server = await launchNatsServer({
    ...(await natsServerBinary()),
    directory,
    agents: ['kaede', 'sakura'],
    ...options,
  });
  onTestFinished(() => server.stop(5_000));
  return server;
}

/** A connection as a client of that user makes it; permission errors stay with the caller's own subscriptions. */
export async function connectAs(server: NatsServerProcess, user: string): Promise<NatsConnection> {
  const seed = new TextEncoder().encode((await readFile(server.seedFile(user), 'utf8')).trim());
  const connection = await connect({
    servers: server.url,
    authenticator: nkeyAuthenticator(seed),
    inboxPrefix: `_INBOX.${user}`,
    reconnectTimeWait: 20,
    reconnectJitter: 10,
    maxReconnectAttempts: -1,
  });
  onTestFinished(() => connection.close());
  return connection;
}

/** The pid of a process that runs, as the system sees it. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
