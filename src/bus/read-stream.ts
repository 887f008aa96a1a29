/** Reading a stream in order without acknowledging; goes on after the last message read when the connection comes back. */
import type { Consumer, ConsumerMessages, JsMsg, OrderedConsumerOptions } from '@nats-io/jetstream';
import { onAbort, pause } from './abort.ts';
import { BusError, toBusError } from './bus-error.ts';
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
 * Ends when `signal` aborts or the bus is closed. What nats-server cannot read is left out and reported: it gives no error
 * but stops there, counts the message as still to come, and goes on for a reader that begins again (measured on 2.15.1).
 * @throws BusError `no-stream`, `denied`, `refused`
 */
export async function* readStream(
  connection: Connection,
  { follow, signal, ...options }: ReadStreamOptions,
): AsyncGenerator<JsMsg | typeof caughtUp, void> {
  let { from } = options;
  let isCaughtUp = false;
  let newest: JsMsg | undefined;
  for (let stalls = 0; !isOver(connection, signal); ) {
    if (newest) from = await placeBehind(connection, options.stream, newest, stalls, signal);
    const consumer = await openConsumer(connection, { ...options, from }, signal);
    if (!consumer) return;
    const { lost } = connection;
    const messages = await consumer.consume({ max_messages: 256, idle_heartbeat: 5_000 });
    const stopListening = onAbort(() => messages.stop(), [lost, signal, connection.closing]);
    let stalled: NodeJS.Timeout | undefined;
    const expectMore = () => {
      if (isCaughtUp) return;
      const stall = () => {
        stalls += 1;
        messages.stop();
      };
      const look = setTimeout(() => {
        // Whatever a machine that stood still has on its way comes before this answer, or with it.
        const answered = () => {
          if (stalled === look) stalled = setTimeout(stall, settleTime);
        };
        connection.nats.flush().then(answered, () => undefined);
      }, stallTime);
      stalled = look;
    };
    const stopExpecting = () => {
      clearTimeout(stalled);
      stalled = undefined;
    };
    try {
      const { num_pending, delivered } = await consumer.info(true);
      if (from === 'new') from = { sequence: delivered.stream_seq + 1 };
      if (!isCaughtUp && (num_pending === 0 || stalls > mostStalls)) {
        if (num_pending > 0) reportUnread(connection, options.stream, num_pending);
        isCaughtUp = true;
        yield caughtUp;
      }
      if (isCaughtUp && !follow) return;
      expectMore();
      for await (const message of untilBroken(connection, options.stream, messages)) {
        stopExpecting();
        if (newest) stalls = 0;
        newest = message;
        yield message;
        if (!isCaughtUp && message.info.pending === 0) {
          isCaughtUp = true;
          yield caughtUp;
          if (!follow) return;
        }
        expectMore();
      }
    } finally {
      stopExpecting();
      stopListening();
      messages.stop();
      if (!lost.aborted) void consumer.delete().catch(() => undefined);
    }
  }
}

/** So long nothing comes although there is more, in ms: a server that is only busy is begun with anew, which costs nothing. */
const stallTime = 1_500;

/** After the server has shown that it is awake, in ms. */
const settleTime = 250;

/** After so many stalls at one place what is left counts as unreadable. */
const mostStalls = 4;

function reportUnread(connection: Connection, stream: string, count: number): void {
  connection.report(new BusError('refused', `reading ${stream}: nats-server cannot read ${count} messages`));
}

/**
 * Where reading goes on: behind the newest that was read, one further at each stall but the first; in a stream that has
 * lost its end, and so gives its sequences a second time, with what was stored later than that.
 */
async function placeBehind(
  connection: Connection,
  stream: string,
  newest: JsMsg,
  stalls: number,
  signal: AbortSignal | undefined,
): Promise<{ sequence: number } | { time: Date }> {
  const next = { sequence: newest.seq + 1 + Math.max(0, stalls - 1) };
  if (stalls > 0) return next;
  try {
    const { state } = await untilAnswered(
      connection,
      `looking at ${stream}`,
      () => connection.manager.streams.info(stream),
      { signal },
    );
    return state.last_seq < newest.seq ? { time: new Date(newest.time.getTime() + 1) } : next;
  } catch {
    return next; // A key that may not ask, or a reading that is over: the next step tells.
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
