/** The journal as a supervised resource: every transition of every machine, on its way from the recorder to its stream. */
import { fromPromise } from 'xstate';
import { resourceMachine } from '../../machines/resource.machine.ts';
import { transitionStreamOf } from '../bus/stream-definitions.ts';
import { ensureStreams } from '../bus/streams.ts';
import { flushJournal, type JournalHooks, writeJournal } from '../journal/write-journal.ts';
import { closingTime } from './closing-time.ts';
import type { World } from './world.ts';

/**
 * The recorder outlives this actor, as the outbox of facts outlives the bus's: what happens while the journal or the bus
 * is started anew is kept, and the page that was under way is repeated under its id. Facts stay with the bus: they are
 * told from its first moment on, and a fault of the journal must not hold them up.
 */
export function journalActor({ journal, ports, log, config, tell }: World) {
  const hooks: JournalHooks = {
    onStalled: (error) => log.error({ err: error }, 'journal.stalled'),
    onLost: ({ sequence, transitions }, error) =>
      log.error({ sequence, transitions: transitions.length, err: error }, 'journal.page.lost'),
  };
  return resourceMachine.provide({
    actors: {
      openResource: fromPromise(async ({ signal }) => {
        const bus = await ports.bus.whenOpen(signal);
        const stream = transitionStreamOf(config.retention.transitions);
        await ensureStreams(bus, [stream], (shrunk) => tell('node.stream.shrunk', config.node, shrunk));
      }),
      watchResource: fromPromise(({ signal }) => writeJournal(journal, ports.bus.get(), signal, hooks)),
      closeResource: fromPromise(async () => {
        const bus = ports.bus.peek();
        if (bus?.status === 'connected') await flushJournal(journal, bus, closingTime({ config }), hooks);
      }),
    },
  });
}
