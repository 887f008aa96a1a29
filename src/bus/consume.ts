/** Reading a stream through a durable consumer, one message at a time until it is acknowledged; resumes by itself. */
import type { Consumer, ConsumerConfig, JsMsg } from '@nats-io/jetstream';
import { onAbort, pause } from './abort.ts';
import { acknowledge } from './acknowledge.ts';
import { apiErrorNumber, BusError, consumerExists, toBusError } from './bus-error.ts';
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
export async function ensureConsumer(
  connection: Connection,
  { stream, config, signal }: ConsumeOptions,
): Promise<void> {
  const { consumers } = connection.manager;
  const { durable_name: name } = config;
  await untilAnswered(
    connection,
    `opening ${stream} for ${name}`,
    () =>
      consumers.add(stream, config).catch((error: unknown) => {
        if (apiErrorNumber(error) !== consumerExists) throw error;
        return consumers.update(stream, name, config);
      }),
    { signal },
  );
}

/** Between two tries after an error of the server, in ms. */
const brokenPause = 200;

/**
 * Hands each message to `take`, waits for it, and acknowledges the message if it resolves with true; else it is given
 * back, to be delivered again at once. Makes the consumer, also when it goes. Resolves when `signal` aborts or the bus is
 * closed.
 * @throws BusError `denied`, `no-stream`, `refused`, or what `take` throws
 */
export async function consume(
  connection: Connection,
  options: ConsumeOptions,
  take: (message: JsMsg) => Promise<boolean>,
): Promise<void> {
  const { stream, config, signal } = options;
  const isOver = () => signal.aborted || connection.closing.aborted;
  const open = () => connection.jetstream.consumers.get(stream, config.durable_name);
  try {
    while (!isOver()) {
      const { lost } = connection;
      await ensureConsumer(connection, options);
      const consumer = await untilAnswered(connection, `reading ${stream}`, open, { signal });
      while (!lost.aborted && !isOver()) {
        const next = await nextMessage(consumer, [lost, signal, connection.closing]);
        if (next instanceof BusError) {
          if (next.code !== 'closed') connection.report(next);
          await pause(brokenPause, signal, connection.closing);
          break;
        } else if (next) {
          if (await take(next)) await acknowledge(connection, next);
          else next.nak();
        }
      }
    }
  } catch (error) {
    if (!isOver() && !(error instanceof BusError && error.code === 'closed')) throw error;
  }
}

/**
 * One pull request at a time: the endless `consume` of nats.js asks without a pause when its consumer is gone (3.4.0).
 * Resolves with nothing when there was no message for a while or a signal aborted, with an error when the server broke off.
 */
async function nextMessage(
  consumer: Consumer,
  signals: readonly AbortSignal[],
): Promise<JsMsg | BusError | undefined> {
  try {
    const pulled = await consumer.fetch({
      max_messages: 1,
      expires: 30_000,
      idle_heartbeat: 5_000,
      bind: true,
    });
    const stopListening = onAbort(() => pulled.stop(), signals);
    try {
      for await (const message of pulled) return message;
    } finally {
      stopListening();
      pulled.stop();
    }
  } catch (error) {
    if (!signals.some(({ aborted }) => aborted)) return toBusError(error, 'reading messages');
  }
  return undefined;
}
