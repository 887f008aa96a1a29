/** A nats-server of our own on the store of a daemon that is not running, for as long as somebody looks at it or spoils it. */
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Bus } from '../../src/bus/bus.ts';
import { connectBus } from '../../src/bus/connect-bus.ts';
import type { NatsServerProcess } from '../../src/nats-server/launch.ts';
import { NatsServerError } from '../../src/nats-server/nats-server-error.ts';
import { launchServer } from '../bench/nats-server.ts';

/** How long a nats-server may take to end with its daemon, in ms. */
const endLimit = 20_000;

export async function withStore<Result>(store: string, act: (bus: Bus) => Promise<Result>): Promise<Result> {
  const server = await launchWhenFree(store);
  try {
    const seed = (await readFile(server.seedFile('daemon'), 'utf8')).trim();
    const bus = await connectBus({ url: server.url, seed, name: 'chaos' });
    const result = await act(bus);
    await bus.close();
    return result;
  } finally {
    await server.stop(5_000);
  }
}

/** The daemon's own server ends with the daemon, in its own time. @throws NatsServerError when it does not */
async function launchWhenFree(store: string): Promise<NatsServerProcess> {
  const deadline = Date.now() + endLimit;
  for (;;) {
    try {
      return await launchServer(store);
    } catch (error) {
      const isHeld = error instanceof NatsServerError && error.code === 'store-locked';
      if (!isHeld || Date.now() > deadline) throw error;
      await pause(50);
    }
  }
}
