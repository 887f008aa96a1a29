/** An agent's mailbox: each message of its inbox is handed over once, in order, or becomes a dead letter with a reason. */
import type { JsMsg } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { onAbort } from './abort.ts';
import type { Bus } from './bus.ts';
import { toBusError } from './bus-error.ts';
import { ensureConsumer } from './consume.ts';
import { storeDeadLetter } from './dead-letter.ts';
import { Delivery, type MailboxHandler } from './delivery.ts';
import { type DurableReading, startReading } from './durable-reading.ts';
import { lifetimeOf } from './expiring.ts';
import { inboxSubjects } from './inbox-subject.ts';
import { InboxTrim } from './inbox-trim.ts';
import { Ledger } from './ledger.ts';
import { readMailboxMessage } from './mailbox-message.ts';
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

/** Closing it aborts the handler's signal; a message that the handler does not finish comes again. */
export type Mailbox = DurableReading;

/**
 * The server's own limit is only there for messages that kill whoever reads them: failures are counted in the ledger,
 * because a message that waits for its agent through many restarts has not failed.
 */
const serverDeliveries = 100;

/** Messages of the last seven days that came before there was a mailbox are handed over too. @throws BusError */
export async function openMailbox(bus: Bus, options: MailboxOptions): Promise<Mailbox> {
  const { agent, handler, onDeadLetter, ackWait = 5_000, maxDeliver = 5 } = options;
  const { backoff = [500, 2_000, 10_000, 30_000] } = options;
  const { connection } = bus;
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, connection.closing]);
  const config = {
    durable_name: agent,
    filter_subjects: inboxSubjects(agent),
    ack_policy: 'explicit',
    deliver_policy: 'all',
    ack_wait: nanos(ackWait),
    max_ack_pending: 1,
    max_deliver: serverDeliveries,
  } as const;
  await ensureConsumer(connection, { stream: inboxStream, config, signal });
  const info = await untilAnswered(connection, `looking at ${inboxStream}`, () =>
    connection.manager.streams.info(inboxStream),
  );
  const ledger = await Ledger.open(bus, agent, info.created);
  const delivery = new Delivery({
    storeDeadLetter: (message, reason) => storeDeadLetter(connection, agent, message, reason),
    ledger,
    handler,
    maxDeliver,
    backoff,
    signal,
    onDeadLetter: onDeadLetter ?? (() => {}),
    lifetime: lifetimeOf(info),
  });
  const isHandled = ({ subject, seq: sequence, time, data, headers }: JsMsg) =>
    ledger.isHandled(readMailboxMessage({ subject, sequence, time, data, headers }).message);
  const untrimmed = (error: unknown) => {
    if (!signal.aborted) connection.report(toBusError(error, `trimming the inbox of ${agent}`));
  };
  const opening = InboxTrim.open(connection, agent, isHandled, signal).catch(untrimmed);
  return startReading(
    connection,
    { what: `the mailbox of ${agent}`, stream: inboxStream, config, stop },
    async (message) => {
      const isDone = await whileWorking(message, ackWait / 3, signal, () => delivery.deliver(message));
      // Behind the reader's back: how long old messages stay is nobody's hurry.
      if (isDone) void opening.then((trim) => trim?.handled(message.subject, message.seq)).catch(untrimmed);
      return isDone;
    },
  );
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
