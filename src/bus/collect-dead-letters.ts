/** Turns the server's notices that a message was delivered too often into dead letters: its reader died on it each time. */
import type { JsMsg } from '@nats-io/jetstream';
import { z } from 'zod';
import type { Bus } from './bus.ts';
import { toBusError } from './bus-error.ts';
import { ensureConsumer } from './consume.ts';
import { storeDeadLetter } from './dead-letter.ts';
import { type DurableReading, startReading } from './durable-reading.ts';
import { Ledger } from './ledger.ts';
import { readMailboxMessage } from './mailbox-message.ts';
import { parseJson } from './parse-json.ts';
import { deadLetterStream, exhaustedSubject, inboxStream } from './stream-definitions.ts';
import { untilAnswered } from './until-answered.ts';

export type DeadLetterCollector = DurableReading;

export interface CollectOptions {
  onDeadLetter?: (letter: { agent: string; id: string; reason: string }) => void;
}

/** io.nats.jetstream.advisory.v1.max_deliver; the consumer of an inbox is named after its agent. */
const Exhausted = z.object({ consumer: z.string(), stream_seq: z.int(), deliveries: z.int() });

/** One for the whole orchestra; more share the work. @throws BusError */
export async function collectDeadLetters(
  bus: Bus,
  { onDeadLetter }: CollectOptions = {},
): Promise<DeadLetterCollector> {
  const stop = new AbortController();
  const { signal } = stop;
  const stream = deadLetterStream;
  const config = {
    durable_name: 'dead-letters',
    filter_subject: exhaustedSubject,
    ack_policy: 'explicit',
    deliver_policy: 'all',
    max_ack_pending: 1,
  } as const;
  await ensureConsumer(bus.connection, { stream, config, signal });
  return startReading(
    bus.connection,
    { what: 'collecting dead letters', stream, config, stop },
    async (notice) => {
      const letter = await convert(bus, notice);
      if (letter) onDeadLetter?.(letter);
      return true;
    },
  );
}

/** Resolves with nothing for a notice that needs no dead letter: the message was handled after all, or is gone. */
async function convert(bus: Bus, notice: JsMsg) {
  const { connection } = bus;
  const exhausted = Exhausted.safeParse(parseJson(notice.data));
  if (!exhausted.success) {
    connection.report(toBusError(exhausted.error, `a notice on ${notice.subject}`));
    return undefined;
  }
  const { consumer: agent, stream_seq: sequence, deliveries } = exhausted.data;
  const found = await untilAnswered(connection, `reading message ${sequence} of ${inboxStream}`, () =>
    connection.manager.direct.getMessage(inboxStream, { seq: sequence }),
  );
  if (!found) return undefined;
  const { subject, time, data, header: headers } = found;
  const { message } = readMailboxMessage({ subject, sequence, time, data, headers });
  const stream = await untilAnswered(connection, `looking at ${inboxStream}`, () =>
    connection.manager.streams.info(inboxStream),
  );
  const ledger = await Ledger.open(bus, agent, stream.created);
  if (ledger.isHandled(message)) return undefined;

  const reason = `it was delivered ${deliveries} times and never acknowledged`;
  await storeDeadLetter(connection, agent, { ...message, data, headers }, reason);
  return { agent, id: message.id, reason };
}
