/** A reading of a durable consumer that runs by itself: begun, told to end, and telling why it ended. */
import { orAborted, timeLimit } from './abort.ts';
import { BusError, toBusError } from './bus-error.ts';
import type { Connection } from './connection.ts';
import { type ConsumeOptions, consume, type TakeMessage } from './consume.ts';

export interface DurableReading {
  /** Takes no more messages and waits for the one in hand, at most `deadline` ms (default 5 000). */
  close(deadline?: number): Promise<void>;
  /** Resolves when it has ended; with an error when not `close` was the reason. */
  readonly closed: Promise<BusError | undefined>;
}

export interface ReadingOptions extends Omit<ConsumeOptions, 'signal'> {
  /** Begins the messages of errors. */
  what: string;
  /** Ends the reading when it aborts. */
  stop: AbortController;
}

/** `take` resolves with whether the message is done with. */
export function startReading(
  connection: Connection,
  { what, stop, ...options }: ReadingOptions,
  take: TakeMessage,
): DurableReading {
  const signal = stop.signal;
  const closed = consume(connection, { ...options, signal }, take).then(
    () => undefined,
    (error: unknown) => toBusError(error, what),
  );
  return {
    closed,
    async close(deadline = 5_000) {
      stop.abort(new BusError('closed', `${what} was closed`));
      const limit = timeLimit(deadline, () => new BusError('deadline', `${what} does not end`));
      await orAborted(closed, limit.signal).catch(() => undefined);
      limit.clear();
    },
  };
}
