/** The nats-server process as a supervised resource: kept from a full disk, and restarted in its place when it stores nothing. */
import { fromPromise } from 'xstate';
import { type ResourceInput, resourceMachine } from '../../machines/resource.machine.ts';
import { pause } from '../bus/abort.ts';
import { isFullDisk, lookAtSpace } from '../disk/space.ts';
import { launchNatsServer, type NatsServerProcess } from '../nats-server/launch.ts';
import { locateNatsServer } from '../nats-server/locate.ts';
import { openStore } from './open-store.ts';
import { storeBytes } from './store-size.ts';
import { storeSilence } from './watch-store.ts';
import type { World } from './world.ts';

const stopTimeout = 5_000;

/** Without that much free nats-server is not started: it would fail at its first writes. A small disk: one part in fifty. */
const least = { bytes: 8 * 1024 ** 2, part: 0.02 };

/** Between two looks at a full disk, in ms. */
const roomInterval = 1_000;

/** The least time between two restarts of a server that stores nothing, in ms. */
const restartInterval = 10_000;

/**
 * A crash of the process is the supervisor's. A server that runs and does not store is restarted here, on the same port,
 * as soon as there is room, and everybody's connection comes back by itself: a full disk is nobody's fault and costs no
 * restart intensity, however long it lasts.
 */
export function natsServerActor(world: World) {
  const { ports } = world;
  /** The launch of an earlier life, which may still have to end its server. */
  let launching: Promise<unknown> = Promise.resolve();
  return resourceMachine.provide({
    actors: {
      openResource: fromPromise(async ({ signal }) => {
        await launching;
        const launched = launchWithRoom(world, signal);
        launching = launched.catch(() => undefined);
        const server = await launched;
        if (server.replacedPort !== undefined) {
          const { port, replacedPort } = server;
          world.log.warn({ port, replacedPort }, 'nats.port.replaced');
        }
        ports.natsServer.fill(server);
      }),
      watchResource: fromPromise<void, ResourceInput>(async ({ signal }) => {
        for (;;) {
          const server = ports.natsServer.get();
          const silence = new AbortController();
          const watched = AbortSignal.any([signal, silence.signal]);
          const end = await Promise.race([server.exited, storeSilence(ports.bus, watched)]);
          silence.abort();
          signal.throwIfAborted();
          if (typeof end !== 'string') {
            // Ended by force, this life may see its server's end when the next one has its own.
            if (ports.natsServer.peek() === server) ports.natsServer.empty();
            throw new Error(`nats-server ended by itself (${end.signal ?? `status ${end.code}`})`);
          }
          await restart(world, server, end, signal);
        }
      }),
      closeResource: fromPromise(async () => {
        await ports.natsServer.peek()?.stop(stopTimeout);
        ports.natsServer.empty();
      }),
    },
  });
}

async function restart(
  world: World,
  silent: NatsServerProcess,
  reason: string,
  signal: AbortSignal,
): Promise<void> {
  const { ports, config, tell } = world;
  const stalledAt = Date.now();
  tell('node.store.stalled', config.node, { reason });
  await room(world, signal);
  await silent.stop(stopTimeout);
  if (ports.natsServer.peek() === silent) ports.natsServer.empty();
  const server = await launchWithRoom(world, signal);
  ports.natsServer.fill(server);
  tell('node.store.recovered', config.node, { stalledFor: Date.now() - stalledAt });
  await untilSettled(world, server, signal);
}

/** The store is open again and no restart would be too soon; not so when the server has ended or fallen silent meanwhile. */
async function untilSettled(world: World, server: NatsServerProcess, signal: AbortSignal): Promise<void> {
  const settled = new AbortController();
  const watched = AbortSignal.any([signal, settled.signal]);
  const { bus } = world.ports;
  await Promise.race([
    server.exited,
    storeSilence(bus, watched),
    Promise.all([reopenStore(world), pause(restartInterval, signal)]),
  ]).finally(() => settled.abort());
}

/** For the bus that lives on; one that is opened anew opens the store itself. */
async function reopenStore(world: World): Promise<void> {
  const bus = world.ports.bus.peek();
  await (bus && openStore(world, bus))?.catch((error: unknown) => {
    if (bus?.status !== 'closed') throw error;
  });
}

/** Waits for as long as the disk is full. @throws NatsServerError for any other reason; the reason of `signal` */
async function launchWithRoom(world: World, signal: AbortSignal): Promise<NatsServerProcess> {
  const { state, config, places, log } = world;
  for (;;) {
    await room(world, signal);
    try {
      const found = await locateNatsServer(state.root, config.nats.server);
      const server = await launchNatsServer({
        binary: found.path,
        version: found.version,
        directory: state.nats,
        agents: [...places.keys()],
        setAside: state.setAside,
        limits: { storeBytes: storeBytes(config) },
        signal,
        ...(config.nats.port === undefined ? {} : { port: config.nats.port }),
      });
      if (signal.aborted) await server.stop(0);
      signal.throwIfAborted();
      world.natsAccess = { url: server.url, seedFile: server.seedFile };
      for (const stream of server.unreadableStreams) log.error({ stream }, 'nats.stream.unreadable');
      return server;
    } catch (error) {
      if (signal.aborted || !isFullDisk(error)) throw error;
      log.error({ err: error }, 'nats.disk.full');
      await pause(roomInterval, signal);
    }
  }
}

/** Resolves when the disk has what nats-server needs to start. */
async function room({ state, log, config, tell }: World, signal: AbortSignal): Promise<void> {
  for (let isTold = false; ; isTold = true) {
    const { free, total } = await lookAtSpace(state.root);
    const reserve = Math.min(least.bytes, Math.floor(total * least.part));
    if (free >= reserve) return;
    if (!isTold) {
      log.error({ free, reserve }, 'nats.waits.for.room');
      tell('node.disk.low', config.node, { free, reserve });
    }
    await pause(roomInterval, signal);
  }
}
