/** Reading a stream in order without acknowledging; goes on after the last message read when the connection comes back. */
import type { Consumer, ConsumerMessages, JsMsg, OrderedConsumerOptions } from '@nats-io/jetstream';
import { onAbort, pause } from './abort.ts';
import { toBusError } from './bus-error.ts';
import type { Connection } from './connection.ts';
import { untilAnswered } from './until-answered.ts';

export interface ReadStreamOptions {
  stream: string;
  subjects: readonly string[];
  /** Where to begin; `last-per-subject` gives each subject's newest message and then what follows. */
  from: 'all' | 'new' | 'last-per-subject' | { sequence: number } | { time: Date };
  /** Without the bodies. */
  headersOnly?: boolean;
  /** Go on with new messages after those that are there; without it the reading ends. */
  follow: boolean;
  signal?: AbortSignal | undefined;
}

/** Everything that was stored when the reading began has been read. */
export const caughtUp = Symbol('caught up');

/**
 * Ends when `signal` aborts or the bus is closed.
 * @throws BusError `no-stream`, `denied`, `refused`
 */
export async function* readStream(
  connection: Connection,
  { follow, signal, ...options }: ReadStreamOptions,
): AsyncGenerator<JsMsg | typeof caughtUp, void> {
  let { from } = options;
  let isCaughtUp = false;
  while (!isOver(connection, signal)) {
    const consumer = await openConsumer(connection, { ...options, from }, signal);
    if (!consumer) return;
    const { lost } = connection;
    const messages = await consumer.consume({ max_messages: 256, idle_heartbeat: 5_000 });
    const stopListening = onAbort(() => messages.stop(), [lost, signal, connection.closing]);
    try {
      const { num_pending, delivered } = await consumer.info(true);
      if (from === 'new') from = { sequence: delivered.stream_seq + 1 };
      if (!isCaughtUp && num_pending === 0) {
        isCaughtUp = true;
        yield caughtUp;
      }
      if (isCaughtUp && !follow) return;
      for await (const message of untilBroken(connection, options.stream, messages)) {
        from = { sequence: message.seq + 1 };
        yield message;
        if (isCaughtUp || message.info.pending > 0) continue;
        isCaughtUp = true;
        yield caughtUp;
        if (!follow) return;
      }
    } finally {
      stopListening();
      messages.stop();
      if (!lost.aborted) void consumer.delete().catch(() => undefined);
    }
  }
}

const isOver = (connection: Connection, signal: AbortSignal | undefined): boolean =>
  connection.closing.aborted || signal?.aborted === true;

/** Between two tries to go on after an error of the server, in ms. */
const brokenPause = 200;

/** Ends instead of failing when the server or the client breaks the reading off: it is begun again where it stopped. */
async function* untilBroken(
  connection: Connection,
  stream: string,
  messages: ConsumerMessages,
): AsyncGenerator<JsMsg, void> {
  try {
    yield* messages;
  } catch (error) {
    const problem = toBusError(error, `reading ${stream}`);
    if (problem.code === 'denied') throw problem;
    connection.report(problem);
    await pause(brokenPause, connection.closing).catch(() => undefined);
  }
}

/** Resolves with nothing when the reading is over before it began. */
async function openConsumer(
  connection: Connection,
  options: Omit<ReadStreamOptions, 'follow' | 'signal'>,
  signal: AbortSignal | undefined,
): Promise<Consumer | undefined> {
  const { consumers } = connection.jetstream;
  try {
    return await untilAnswered(
      connection,
      `reading ${options.stream}`,
      () => consumers.get(options.stream, consumerOptions(options)),
      { signal },
    );
  } catch (error) {
    if (isOver(connection, signal)) return undefined;
    throw error;
  }
}

/** The server clears away a reader that does not come back, in ms. */
const forgottenAfter = 60_000;

function consumerOptions({
  subjects,
  from,
  headersOnly = false,
}: Pick<ReadStreamOptions, 'subjects' | 'from' | 'headersOnly'>): Partial<OrderedConsumerOptions> {
  const filter = {
    filter_subjects: [...subjects],
    headers_only: headersOnly,
    inactive_threshold: forgottenAfter,
  };
  if (from === 'all') return { ...filter, deliver_policy: 'all' };
  if (from === 'new') return { ...filter, deliver_policy: 'new' };
  if (from === 'last-per-subject') return { ...filter, deliver_policy: 'last_per_subject' };
  if ('sequence' in from)
    return { ...filter, deliver_policy: 'by_start_sequence', opt_start_seq: from.sequence };
  return { ...filter, deliver_policy: 'by_start_time', opt_start_time: from.time.toISOString() };
}
