/** Brings the store to what it has to be after every start of nats-server: what exists, what it lost, what is known better here. */
import { openBucket } from '../bus/bucket.ts';
import type { Bus } from '../bus/bus.ts';
import { orchestraStreams } from '../bus/stream-definitions.ts';
import { ensureStreams, ensureStreamsAgain } from '../bus/streams.ts';
import { factSubjects } from '../events/facts.ts';
import { openStores } from './open-stores.ts';
import { recoverStreams, setCopiesAside } from './recover-streams.ts';
import { outboxBucket } from './store-size.ts';
import { checkStreamMarks } from './stream-marks.ts';
import type { World } from './world.ts';

const turns = new WeakMap<Bus, Promise<void>>();

/** Can be repeated; for one bus it is done by one caller at a time. @throws BusError */
export function openStore(world: World, bus: Bus): Promise<void> {
  const before = turns.get(bus) ?? Promise.resolve();
  const turn = before.catch(() => undefined).then(() => open(world, bus));
  turns.set(bus, turn);
  return turn;
}

/**
 * Streams and buckets as they have to be, with what they had: what a start of nats-server cut off is stored again before
 * anybody reads, and what this daemon knows better than the store is put back.
 */
async function open(world: World, bus: Bus): Promise<void> {
  const { config, ports, tell } = world;
  const streams = orchestraStreams({ eventSubjects: factSubjects(), retention: config.retention });
  await ensureStreams(bus, streams, (shrunk) => tell('node.stream.shrunk', config.node, shrunk));
  await ensureStreamsAgain(bus);
  const told = await recoverStreams(world, bus);
  const lostUpTo = await checkStreamMarks(world, bus, told);
  const tasks = ports.tasks.peek();
  if (!tasks) await openStores(world, bus, openBucket, lostUpTo);
  // Those that had to be made anew have their messages only now.
  await recoverStreams(world, bus);
  await setCopiesAside(world);
  await tasks?.reconcile();
  await ports.presence.peek()?.reconcile();
  await ports.sessions.peek()?.reconcile();
  const records = (await ports.outgoing.peek()?.reconcile()) ?? 0;
  if (records > 0) tell('node.records.restored', config.node, { bucket: outboxBucket, records });
}
