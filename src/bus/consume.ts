/** Reading a stream through a durable consumer, one message at a time until it is acknowledged; resumes by itself. */
import type { ConsumerConfig, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { Acknowledgements } from './acknowledgements.ts';
import { onAbort, pause } from './abort.ts';
import { BusError, toBusError } from './bus-error.ts';
import type { Connection } from './connection.ts';
import { untilAnswered } from './until-answered.ts';

export interface ConsumeOptions {
  stream: string;
  /** With `durable_name`; brought up to date when the consumer exists. */
  config: Partial<ConsumerConfig> & { durable_name: string };
  /** Ends the reading after the message in hand. */
  signal: AbortSignal;
}

/** Makes the consumer or brings it up to date. @throws BusError `no-stream`, `denied`, `refused` */
export async function ensureConsumer(connection: Connection, { stream, config, signal }: ConsumeOptions): Promise<void> {
  const { consumers } = connection.manager;
  await untilAnswered(connection, `opening ${stream} for ${config.durable_name}`, () => consumers.add(stream, config), {
    signal,
  });
}

/** Between two tries after an error of the server, in ms. */
const brokenPause = 200;

/**
 * Hands each message to `take`, waits for it, and acknowledges the message if it resolves with true; else it is
 * given back, to be delivered again at once. The consumer has to be
 * there already, and is made again when it goes. Resolves when `signal` aborts or the bus is closed.
 * @throws BusError `denied`, `no-stream`, `refused`, or what `take` throws
 */
export async function consume(
  connection: Connection,
  options: ConsumeOptions,
  take: (message: JsMsg) => Promise<boolean>,
): Promise<void> {
  const { stream, config, signal } = options;
  const acknowledgements = new Acknowledgements(connection);
  const isOver = () => signal.aborted || connection.closing.aborted;
  for (let isFirst = true; !isOver(); isFirst = false) {
    try {
      if (!isFirst) {
        await ensureConsumer(connection, options);
        await acknowledgements.repeat();
      }
      const messages = await openMessages(connection, stream, config.durable_name);
      const stopListening = onAbort(() => messages.stop(), [connection.lost, signal, connection.closing]);
      try {
        await takeAll(connection, messages, isOver, async (message) => {
          if (await take(message)) await acknowledgements.send(message);
          else message.nak();
        });
      } finally {
        stopListening();
        messages.stop();
      }
    } catch (error) {
      if (isOver()) return;
      throw error;
    }
  }
}

async function openMessages(connection: Connection, stream: string, consumer: string): Promise<ConsumerMessages> {
  const found = await untilAnswered(connection, `reading ${stream}`, () =>
    connection.jetstream.consumers.get(stream, consumer),
  );
  return found.consume({ max_messages: 1, idle_heartbeat: 5_000, bind: true, abort_on_missing_resource: true });
}

/** Returns when the reading breaks off; it is begun again by the caller. */
async function takeAll(
  connection: Connection,
  messages: ConsumerMessages,
  isOver: () => boolean,
  take: (message: JsMsg) => Promise<void>,
): Promise<void> {
  const reading = messages[Symbol.asyncIterator]();
  while (!isOver()) {
    const next = await reading.next().catch((error: unknown) => toBusError(error, 'reading messages'));
    if (next instanceof BusError) {
      connection.report(next);
      await pause(brokenPause, connection.closing);
      return;
    }
    if (next.done) return;
    await take(next.value);
  }
}
