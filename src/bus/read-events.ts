/** Reading what has happened, in order, and going on as it happens. */
import type { JsMsg } from '@nats-io/jetstream';
import type { Bus } from './bus.ts';
import { parseJson } from './parse-json.ts';
import { caughtUp, readStream } from './read-stream.ts';
import { eventStream } from './stream-definitions.ts';

export interface ReadEventsOptions {
  /** Default: the stream of facts. */
  stream?: string;
  /** Subjects or wildcards that do not overlap; default all. */
  subjects?: readonly string[];
  /** After a sequence that was read before, or from a time on; default all that is stored. */
  since?: { sequence: number } | { time: Date };
  /** Of what is stored, only the latest so many. */
  limit?: number;
  /** Go on with what happens next, until `signal` aborts or the bus is closed. */
  follow?: boolean;
  signal?: AbortSignal;
}

export interface StoredEvent {
  subject: string;
  sequence: number;
  time: Date;
  /** The body parsed as JSON; text when it is none. */
  body: unknown;
}

/** @throws BusError */
export async function* readEvents(
  bus: Bus,
  options: ReadEventsOptions = {},
): AsyncGenerator<StoredEvent, void> {
  const { stream = eventStream, subjects = ['>'], since, limit = Number.POSITIVE_INFINITY } = options;
  const { follow = false, signal } = options;
  const reading = readStream(bus.connection, {
    stream,
    subjects,
    from: startOf(since),
    follow,
    signal,
  });
  /** With a limit the stored ones wait here, because only at the end is it known which are the latest. */
  let held: StoredEvent[] | undefined = Number.isFinite(limit) ? [] : undefined;
  for await (const stored of reading) {
    if (stored === caughtUp) {
      yield* held ?? [];
      held = undefined;
    } else if (held) {
      held.push(storedEvent(stored));
      if (held.length > limit) held.shift();
    } else {
      yield storedEvent(stored);
    }
  }
}

function startOf(since: ReadEventsOptions['since']) {
  if (!since) return 'all';
  return 'sequence' in since ? { sequence: since.sequence + 1 } : since;
}

function storedEvent({ subject, seq, time, data }: JsMsg): StoredEvent {
  return { subject, sequence: seq, time, body: parseJson(data) ?? new TextDecoder().decode(data) };
}
