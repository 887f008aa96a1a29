/** The nats-server process as a supervised resource. */

import { fromPromise } from 'xstate';
import { type ResourceInput, resourceMachine } from '../../machines/resource.machine.ts';
import { launchNatsServer } from '../nats-server/launch.ts';
import { locateNatsServer } from '../nats-server/locate.ts';
import type { World } from './world.ts';

const stopTimeout = 5_000;

export function natsServerActor(world: World) {
  const { ports, state } = world;
  return resourceMachine.provide({
    actors: {
      openResource: fromPromise(async ({ signal }) => {
        const { config } = world;
        const found = await locateNatsServer(state.root, config.nats.server);
        const server = await launchNatsServer({
          binary: found.path,
          version: found.version,
          directory: state.nats,
          agents: [...world.places.keys()],
          ...(config.nats.port === undefined ? {} : { port: config.nats.port }),
        });
        if (signal.aborted) return server.stop(0);
        if (server.replacedPort !== undefined) {
          const { port, replacedPort } = server;
          world.log.warn({ port, replacedPort }, 'nats.port.replaced');
        }
        world.natsAccess = { url: server.url, seedFile: server.seedFile };
        ports.natsServer.fill(server);
      }),
      watchResource: fromPromise<void, ResourceInput>(async () => {
        const server = ports.natsServer.get();
        const { code, signal } = await server.exited;
        // Ended by force, this life may see its server's end when the next one has its own.
        if (ports.natsServer.peek() === server) ports.natsServer.empty();
        throw new Error(`nats-server ended by itself (${signal ?? `status ${code}`})`);
      }),
      closeResource: fromPromise(async () => {
        await ports.natsServer.peek()?.stop(stopTimeout);
        ports.natsServer.empty();
      }),
    },
  });
}
