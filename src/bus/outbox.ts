/** An ordered queue for facts: taking one in never waits and never fails; they reach the stream in order, once each. */
import { orAborted, timeLimit } from './abort.ts';
import type { Bus } from './bus.ts';
import { BusError, toBusError } from './bus-error.ts';
import { type Body, type EncodedMessage, encodeMessage } from './envelope.ts';
import { storeWhenPossible } from './store-when-possible.ts';

export interface OutboxOptions {
  /** How many facts may wait; the newest are refused beyond it. Default 10 000. */
  limit?: number;
  /** A fact was refused because the queue is full; `refused` counts them. */
  onOverflow?: (subject: string, refused: number) => void;
  /** A fact can never be stored (too large, denied, no stream for it) and was taken out of the queue. */
  onDropped?: (subject: string, error: BusError) => void;
  /** The bus does not take the first fact for now (store full, stream missing, JetStream silent); said once until one is taken again. */
  onStalled?: (subject: string, error: BusError) => void;
  /** How long a missing stream is waited for before the fact is dropped, in ms. Default 10 000. */
  streamPatience?: number;
}

export interface Outbox {
  /** Whether it was taken in. */
  enqueue(subject: string, body: Body): boolean;
  /** Waits until everything is stored, at most `deadline` ms; resolves with the number still waiting. */
  flush(deadline: number): Promise<number>;
  /** Stops sending; what waits stays unsent. */
  close(): void;
  readonly waiting: number;
  readonly refused: number;
}

interface Entry {
  subject: string;
  message: EncodedMessage;
}

export function createOutbox(bus: Bus, options: OutboxOptions): Outbox {
  const { limit = 10_000, streamPatience = 10_000, onOverflow, onDropped, onStalled } = options;
  const queue: Entry[] = [];
  const stop = new AbortController();
  let refused = 0;
  let sending: Promise<void> | undefined;

  /** Resolves when the fact is stored or given up; rejects when the outbox or the bus is closed. */
  const store = async ({ subject, message }: Entry): Promise<void> => {
    try {
      await storeWhenPossible(bus.connection, subject, message, {
        signal: stop.signal,
        streamPatience,
        onStalled: (problem) => onStalled?.(subject, problem),
      });
    } catch (error) {
      const problem = toBusError(error, subject);
      if (problem.code === 'closed' || problem.code === 'aborted') throw problem;
      onDropped?.(subject, problem);
    }
  };

  const sendAll = async (): Promise<void> => {
    for (let first = queue[0]; first; first = queue[0]) {
      await store(first);
      queue.shift();
    }
  };

  /** It ends early only when the outbox or the bus is closed: then what waits stays, and `flush` tells how many. */
  const send = () => {
    sending ??= sendAll()
      .then(() => true)
      .catch(() => false)
      .then((emptied) => {
        sending = undefined;
        if (emptied && queue.length > 0) send();
      });
  };

  return {
    enqueue(subject, body) {
      if (queue.length >= limit) {
        refused += 1;
        onOverflow?.(subject, refused);
        return false;
      }
      try {
        queue.push({ subject, message: encodeMessage(body, {}) });
      } catch (error) {
        onDropped?.(subject, new BusError('refused', `${subject}: the body is no JSON`, { cause: error }));
        return false;
      }
      send();
      return true;
    },
    async flush(deadline) {
      const limit = timeLimit(
        deadline,
        () => new BusError('deadline', `not all facts were stored in ${deadline} ms`),
      );
      try {
        while (sending !== undefined) await orAborted(sending, limit.signal, stop.signal);
      } catch {
        // The number says it.
      } finally {
        limit.clear();
      }
      return queue.length;
    },
    close: () => stop.abort(),
    get waiting() {
      return queue.length;
    },
    get refused() {
      return refused;
    },
  };
}
