/** An agent's mailbox: each message of its inbox is handed over once, in order, or becomes a dead letter with a reason. */
import { nanos } from '@nats-io/transport-node';
import type { JsMsg } from '@nats-io/jetstream';
import type { Bus } from './bus.ts';
import { type BusError, toBusError } from './bus-error.ts';
import { consume, type ConsumeOptions, ensureConsumer } from './consume.ts';
import { Delivery, type MailboxHandler } from './delivery.ts';
import { inboxSubjects } from './inbox-subject.ts';
import { Ledger } from './ledger.ts';
import { inboxStream } from './stream-definitions.ts';
import { untilAnswered } from './until-answered.ts';

export interface MailboxOptions {
  agent: string;
  handler: MailboxHandler;
  /** How long the server waits for a sign of life before it delivers again, in ms; signs are given while a handler runs. */
  ackWait?: number;
  /** How often a handler may fail on a message before it becomes a dead letter. Default 5. */
  maxDeliver?: number;
  /** The waits after the first, second … failure, in ms; the last one repeats. */
  backoff?: readonly number[];
  /** A message became a dead letter. */
  onDeadLetter?: (letter: { id: string; reason: string }) => void;
}

export interface Mailbox {
  /**
   * Takes no more messages, aborts the handler's signal, and waits for the handler. What it did not finish comes again.
   */
  close(): Promise<void>;
  /** Resolves when it has ended; with an error when not `close` was the reason. */
  readonly closed: Promise<BusError | undefined>;
}

/**
 * The server's own limit is only there for messages that kill whoever reads them: failures are counted in the ledger,
 * because a message that waits for its agent through many restarts has not failed.
 */
const serverDeliveries = 100;

/** Messages of the last seven days that came before there was a mailbox are handed over too. @throws BusError */
export async function openMailbox(bus: Bus, options: MailboxOptions): Promise<Mailbox> {
  const { agent, ackWait = 30_000, maxDeliver = 5, backoff = [500, 2_000, 10_000, 30_000] } = options;
  const { connection } = bus;
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, connection.closing]);
  const consumeOptions: ConsumeOptions = {
    stream: inboxStream,
    config: {
      durable_name: agent,
      filter_subjects: inboxSubjects(agent),
      ack_policy: 'explicit',
      deliver_policy: 'all',
      ack_wait: nanos(ackWait),
      max_ack_pending: 1,
      max_deliver: serverDeliveries,
    },
    signal,
  };
  await ensureConsumer(connection, consumeOptions);
  const stream = await untilAnswered(connection, `looking at ${inboxStream}`, () =>
    connection.manager.streams.info(inboxStream),
  );
  const delivery = new Delivery({
    connection,
    ledger: await Ledger.open(bus, agent, stream.created),
    agent,
    handler: options.handler,
    maxDeliver,
    backoff,
    signal,
    ...(options.onDeadLetter ? { onDeadLetter: options.onDeadLetter } : {}),
  });

  const closed = consume(connection, consumeOptions, (message) =>
    whileWorking(message, ackWait / 3, () => delivery.deliver(message)),
  ).then(
    () => undefined,
    (error: unknown) => toBusError(error, `the mailbox of ${agent}`),
  );
  return {
    closed,
    async close() {
      stop.abort();
      await closed;
    },
  };
}

/** Tells the server every `interval` ms that the message is being worked on. */
async function whileWorking<Result>(message: JsMsg, interval: number, work: () => Promise<Result>): Promise<Result> {
  const sign = setInterval(() => message.working(), interval);
  try {
    return await work();
  } finally {
    clearInterval(sign);
  }
}
