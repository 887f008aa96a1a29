/** The mailbox on the simulated stream: the real ledger and the real delivery, with the reading of the stream around them. */
import type { Bus } from '../../src/bus/bus.ts';
import type { BusError } from '../../src/bus/bus-error.ts';
import { Delivery } from '../../src/bus/delivery.ts';
import { Ledger } from '../../src/bus/ledger.ts';
import type { Mailbox, MailboxOptions } from '../../src/bus/mailbox.ts';
import type { Chance } from './chance.ts';
import type { DaemonLife } from './daemon-life.ts';
import type { InboxMessage } from './inbox-stream.ts';
import { bucketOpener } from './memory-bucket.ts';
import type { Sabotage } from './sabotage.ts';
import type { SimulatedBroker } from './simulated-broker.ts';

const ackWait = 5_000;

export interface MailboxSimulation {
  broker: SimulatedBroker;
  life: DaemonLife;
  chance: Chance;
  sabotage: Sabotage | undefined;
  onDeadLetter(agent: string, id: string): void;
}

/** As `openMailbox` of src/bus. */
export function mailboxOpener(simulation: MailboxSimulation) {
  const { broker, life, sabotage } = simulation;
  const open = bucketOpener(broker, life);
  return async (bus: Bus, options: MailboxOptions): Promise<Mailbox> => {
    const { agent, handler, onDeadLetter, maxDeliver = 5 } = options;
    const { backoff = [500, 2_000, 10_000, 30_000] } = options;
    const ledger = await Ledger.open(bus, agent, broker.inbox.created, open);
    if (sabotage === 'ledger') ledger.isHandled = () => false;
    const stop = new AbortController();
    const delivery = new Delivery({
      storeDeadLetter: ({ id }) => broker.answer(life, () => simulation.onDeadLetter(agent, id)),
      ledger,
      handler,
      maxDeliver,
      backoff,
      signal: stop.signal,
      onDeadLetter: onDeadLetter ?? (() => undefined),
    });
    const closed = read(simulation, agent, stop.signal, (message) => delivery.deliver(message)).then(
      () => undefined,
      (error: BusError) => error,
    );
    return {
      closed,
      async close() {
        stop.abort();
        await closed;
      },
    };
  };
}

/** One message at a time: taken, handed over, acknowledged; an acknowledgement may be lost on its way. */
async function read(
  { broker, life, chance, sabotage }: MailboxSimulation,
  agent: string,
  signal: AbortSignal,
  deliver: (message: InboxMessage) => Promise<boolean>,
): Promise<void> {
  const { inbox } = broker;
  while (!signal.aborted) {
    const message = await broker.answer(life, () => inbox.take(agent, ackWait));
    if (!message) {
      await news(broker, life, agent, signal);
      continue;
    }
    if (sabotage === 'acknowledge') inbox.acknowledge(agent, message.seq);
    const sign = setInterval(() => inbox.working(agent, ackWait), ackWait / 3);
    const isDone = await deliver(message).finally(() => clearInterval(sign));
    if (!isDone) inbox.giveBack(agent);
    else if (!chance.happens(0.01)) await broker.answer(life, () => inbox.acknowledge(agent, message.seq));
  }
}

/** Resolves when there may be something to take. */
function news(
  { inbox }: SimulatedBroker,
  life: DaemonLife,
  agent: string,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const due = inbox.dueIn(agent);
    const stop = inbox.onNews(agent, () => life.receive(1, end));
    const forget = life.onEnd(stop);
    const end = () => {
      stop();
      forget();
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    if (due !== undefined) timer = setTimeout(end, due);
    signal.addEventListener('abort', end, { once: true });
    life.onEnd(stop);
  });
}
