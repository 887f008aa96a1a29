/** An agent's mailbox: each message of its inbox is handed over once, in order, or becomes a dead letter with a reason. */

import type { JsMsg } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { onAbort, orAborted, timeLimit } from './abort.ts';
import type { Bus } from './bus.ts';
import { BusError, toBusError } from './bus-error.ts';
import { type ConsumeOptions, consume, ensureConsumer } from './consume.ts';
import { Delivery, type MailboxHandler } from './delivery.ts';
import { inboxSubjects } from './inbox-subject.ts';
import { Ledger } from './ledger.ts';
import { inboxStream } from './stream-definitions.ts';
import { untilAnswered } from './until-answered.ts';

export interface MailboxOptions {
  agent: string;
  handler: MailboxHandler;
  /**
   * How long the server waits for a sign of life before it delivers again, in ms; signs are given while a handler runs.
   * After a crash the message in hand comes again so late at most, and those behind it wait. Default 5 000.
   */
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
   * Takes no more messages, aborts the handler's signal, and waits for the handler, at most `deadline` ms (default 5 000).
   * What was not finished comes again.
   */
  close(deadline?: number): Promise<void>;
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
  const { agent, ackWait = 5_000, maxDeliver = 5, backoff = [500, 2_000, 10_000, 30_000] } = options;
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
    whileWorking(message, ackWait / 3, signal, () => delivery.deliver(message)),
  ).then(
    () => undefined,
    (error: unknown) => toBusError(error, `the mailbox of ${agent}`),
  );
  return {
    closed,
    async close(deadline = 5_000) {
      stop.abort();
      const limit = timeLimit(
        deadline,
        () => new BusError('deadline', `the handler of ${agent}'s mailbox does not end`),
      );
      await orAborted(closed, limit.signal).catch(() => undefined);
      limit.clear();
    },
  };
}

/** Tells the server every `interval` ms that the message is being worked on; after `signal` somebody else may have it. */
async function whileWorking<Result>(
  message: JsMsg,
  interval: number,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  const sign = setInterval(() => message.working(), interval);
  const stopListening = onAbort(() => clearInterval(sign), [signal]);
  try {
    return await work();
  } finally {
    stopListening();
    clearInterval(sign);
  }
}
