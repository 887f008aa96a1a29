/** The port on loopback: fixed by the configuration, or chosen at random once and kept in a file. */
import { randomInt } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { NatsServerError } from './nats-server-error.ts';
import { host } from './server-config.ts';

/**
 * Below the ports that Linux (from 32768) and macOS (from 49152) give to outgoing connections: a client of ours that
 * tries to reconnect while the server is down could otherwise be given the server's own port and connect to itself.
 */
const randomPorts = { from: 15_000, to: 32_767 };

export interface ChosenPort {
  port: number;
  /** The port kept from before, when someone else has taken it. */
  replaces?: number;
}

/**
 * The port to listen on, free at this moment.
 * @param fixed the configuration's port; undefined lets the orchestra choose
 * @throws NatsServerError `port-taken` when the fixed port is in use, `bad-file` when the port file holds no port
 */
export async function choosePort(portFile: string, fixed: number | undefined): Promise<ChosenPort> {
  if (fixed !== undefined) {
    if (await isFree(fixed)) return { port: fixed };
    throw portTaken(fixed);
  }
  const kept = await readPort(portFile);
  if (kept !== undefined && (await isFree(kept))) return { port: kept };
  const port = await freeRandomPort();
  await writeFile(`${portFile}.${process.pid}`, `${port}\n`);
  await rename(`${portFile}.${process.pid}`, portFile);
  return kept === undefined ? { port } : { port, replaces: kept };
}

export function portTaken(port: number): NatsServerError {
  return new NatsServerError(
    'port-taken',
    `Another program listens on port ${port} of ${host}: end it, or configure another nats port.`,
  );
}

async function readPort(portFile: string): Promise<number | undefined> {
  let text: string;
  try {
    text = await readFile(portFile, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw cause;
  }
  const port = Number(text.trim());
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new NatsServerError(
    'bad-file',
    `${portFile} does not hold a port: delete it, and a new port is chosen.`,
  );
}

async function freeRandomPort(): Promise<number> {
  let port: number;
  do {
    port = randomInt(randomPorts.from, randomPorts.to + 1);
  } while (!(await isFree(port)));
  return port;
}

/** Listening is the only honest question: a refused connection does not tell who holds the port. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(false) : reject(error),
    );
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
