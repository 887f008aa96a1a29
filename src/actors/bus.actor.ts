/** The bus as a supervised resource: connection, streams, buckets, and what is stored in them. */
import { readFile } from 'node:fs/promises';
import { fromPromise } from 'xstate';
import { type ResourceInput, resourceMachine } from '../../machines/resource.machine.ts';
import { openBucket } from '../bus/bucket.ts';
import { connectBus } from '../bus/connect-bus.ts';
import { createOutbox } from '../bus/outbox.ts';
import { orchestraStreams } from '../bus/stream-definitions.ts';
import { ensureStreams } from '../bus/streams.ts';
import { factSubjects } from '../events/facts.ts';
import { Presence, PresenceBoard } from '../tasks/agent-presence.ts';
import { TaskRecord } from '../tasks/task-record.ts';
import { TaskStore } from '../tasks/task-store.ts';
import type { World } from './world.ts';

/** How long facts may take to reach the bus when the daemon goes down, in ms. */
const flushTimeout = 2_000;

/**
 * The connection outlives this actor: when nats-server is restarted, everybody's subscriptions resume by themselves and
 * nobody outside `broker` notices more than a pause. What is opened here again is proved, not replaced.
 */
export function busActor(world: World) {
  const { ports } = world;
  return resourceMachine.provide({
    actors: {
      openResource: fromPromise(async () => {
        const bus = ports.bus.peek() ?? (await connect(world));
        await ensureStreams(bus, orchestraStreams({ eventSubjects: factSubjects() }));
        ports.bus.fill(bus);
        if (!ports.tasks.peek()) await openStores(world);
      }),
      watchResource: fromPromise<void, ResourceInput>(async () => {
        await ports.bus.get().closed;
        ports.bus.empty();
        throw new Error('the connection to nats-server was closed for good');
      }),
      closeResource: fromPromise(async () => {
        if (ports.bus.get().status === 'connected') await world.outlet.outbox?.flush(flushTimeout);
      }),
    },
  });
}

async function connect(world: World) {
  const server = world.ports.natsServer.get();
  const seed = (await readFile(server.seedFile('daemon'), 'utf8')).trim();
  const bus = await connectBus({ url: server.url, seed, name: `orchestra ${world.config.node}` });
  world.outlet.connect(createOutbox(bus, {}));
  return bus;
}

async function openStores(world: World): Promise<void> {
  const { ports, tell } = world;
  const bus = ports.bus.get();
  const unreadable = (key: string, reason: string) => tell('task.unreadable', key, { reason });
  const tasks = await openBucket(bus, 'orch_tasks', {
    schema: TaskRecord,
    history: 1,
    onUnreadable: unreadable,
  });
  const presence = await openBucket(bus, 'orch_agents', {
    schema: Presence,
    history: 1,
    onUnreadable: () => undefined,
  });
  ports.presence.fill(await PresenceBoard.open(presence, tell, world.config.node));
  ports.tasks.fill(await TaskStore.open(tasks, tell));
}
