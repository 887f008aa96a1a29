/** The bus as a supervised resource: the connection, and the store behind it opened. */
import { readFile } from 'node:fs/promises';
import { fromPromise } from 'xstate';
import { type ResourceInput, resourceMachine } from '../../machines/resource.machine.ts';
import type { Bus } from '../bus/bus.ts';
import { collectDeadLetters, type DeadLetterCollector } from '../bus/collect-dead-letters.ts';
import { connectBus } from '../bus/connect-bus.ts';
import { createOutbox } from '../bus/outbox.ts';
import { closingTime } from './closing-time.ts';
import { openStore } from './open-store.ts';
import { setAsideUnreadable } from './set-aside.ts';
import { keepStreamMarks } from './stream-marks.ts';
import { watchExpiring } from './watch-expiring.ts';
import { watchInboxes } from './watch-inboxes.ts';
import type { World } from './world.ts';

/** Refused facts are logged at the first and then at every so many. */
const refusalsPerLine = 1_000;

/**
 * The connection outlives this actor: when nats-server is restarted, everybody's subscriptions resume by themselves and
 * nobody outside `broker` notices more than a pause. What is opened here again is proved, not replaced.
 */
export function busActor(world: World) {
  const { ports } = world;
  let collector: DeadLetterCollector | undefined;
  return resourceMachine.provide({
    actors: {
      openResource: fromPromise(async ({ signal }) => {
        const bus = ports.bus.peek() ?? (await connect(world));
        // Until it is offered to others, nobody else would close it.
        const closeUnoffered = () => {
          if (ports.bus.peek() !== bus) void bus.close(0);
        };
        if (signal.aborted) return closeUnoffered();
        signal.addEventListener('abort', closeUnoffered, { once: true });
        await openStore(world, bus);
        await collector?.close();
        const opened = await collectDeadLetters(bus, {
          onDeadLetter: ({ agent, id, reason }) =>
            world.tell('agent.message.rejected', agent, { message: id, reason }),
        });
        if (signal.aborted) return opened.close();
        collector = opened;
        ports.bus.fill(bus);
      }),
      watchResource: fromPromise<void, ResourceInput>(async ({ signal }) => {
        const bus = ports.bus.get();
        // Until this life ends.
        for (const keep of [watchInboxes, watchExpiring, keepStreamMarks])
          keep(world, bus, signal).catch(() => undefined);
        const lost = await Promise.race([bus.closed, collector?.closed ?? bus.closed]);
        if (bus.status === 'closed') ports.bus.empty();
        throw lost ?? new Error('the connection to nats-server was closed');
      }),
      closeResource: fromPromise(async () => {
        await collector?.close();
        if (ports.bus.peek()?.status === 'connected') await world.outlet.outbox?.flush(closingTime(world));
      }),
    },
  });
}

async function connect(world: World): Promise<Bus> {
  const { ports, config, log, outlet } = world;
  const server = ports.natsServer.get();
  const seed = (await readFile(server.seedFile('daemon'), 'utf8')).trim();
  const bus = await connectBus({ url: server.url, seed, name: `orchestra ${config.node}` });
  bus.onProblem((problem) => log.warn({ err: problem }, 'bus.problem'));
  bus.onSilence((silence) => log.warn({ err: silence }, 'bus.silent'));
  setAsideUnreadable(world, bus);
  outlet.connect(
    createOutbox(bus, {
      onOverflow: (subject, refused) => {
        if (refused % refusalsPerLine === 1) log.error({ subject, refused }, 'facts.refused');
      },
      onDropped: (subject, error) => log.error({ subject, err: error }, 'fact.dropped'),
      onStalled: (subject, error) => log.error({ subject, err: error }, 'facts.stalled'),
    }),
  );
  return bus;
}
