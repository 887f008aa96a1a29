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

/** Resolves with whether the message is done with and can be acknowledged. */
export type TakeMessage = (message: JsMsg) => Promise<boolean>;

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
  take: TakeMessage,
): Promise<void> {
  const { stream, config, signal } = options;
  const isOver = () => signal.aborted || connection.closing.aborted;
  // The server confirms it while the next message is asked for, which it gives only after the acknowledgement.
  let acknowledged = Promise.resolve();
  const handle = async (message: JsMsg) => {
    if (!(await take(message))) return message.nak();
    await acknowledged;
    acknowledged = acknowledge(connection, message);
    acknowledged.catch(() => undefined);
  };
  const open = () => connection.jetstream.consumers.get(stream, config.durable_name);
  try {
    while (!isOver()) {
      const { lost } = connection;
      await ensureConsumer(connection, options);
      const consumer = await untilAnswered(connection, `reading ${stream}`, open, { signal });
      while (!lost.aborted && !isOver()) {
        const pulled = await pullMessage(consumer, handle, [lost, signal, connection.closing]);
        if (pulled instanceof BusError) {
          connection.report(pulled);
          await pause(brokenPause, signal, connection.closing);
          break;
        }
        await pulled?.handled;
      }
    }
    await acknowledged;
  } catch (error) {
    if (!isOver() && !(error instanceof BusError && error.code === 'closed')) throw error;
  }
}

/**
 * One pull request at a time: the endless `consume` of nats.js asks without a pause when its consumer is gone (3.4.0).
 * `handle` begins as soon as there is a message, before the request is cleared away. Resolves with nothing when there was
 * none for a while or a signal aborted, with an error when the server broke off.
 */
async function pullMessage(
  consumer: Consumer,
  handle: (message: JsMsg) => Promise<void>,
  signals: readonly AbortSignal[],
): Promise<{ handled: Promise<void> } | BusError | undefined> {
  try {
    const pulled = await consumer.fetch({
      max_messages: 1,
      expires: 30_000,
      idle_heartbeat: 5_000,
      bind: true,
    });
    const stopListening = onAbort(() => pulled.stop(), signals);
    try {
      for await (const message of pulled) return { handled: handle(message) };
    } finally {
      stopListening();
      pulled.stop();
    }
  } catch (error) {
    if (!signals.some(({ aborted }) => aborted)) return toBusError(error, 'reading messages');
  }
  return undefined;
}
