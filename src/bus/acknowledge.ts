/** Acknowledging a message so that the server confirms it: on a breaking connection a plain one is lost without a word. */
import type { JsMsg } from '@nats-io/jetstream';
import { isUnanswered } from './bus-error.ts';
import type { Connection } from './connection.ts';
import { untilAnswered } from './until-answered.ts';

/**
 * Even a confirmed one is forgotten when nats-server is killed within 100 ms (measured): whoever reads keeps a ledger.
 * A consumer that is gone has nothing to acknowledge any more. @throws BusError
 */
export async function acknowledge(connection: Connection, message: JsMsg): Promise<void> {
  const subject = acknowledgementSubject(message);
  await untilAnswered(connection, `acknowledging ${message.subject}`, async ({ timeout, number }) => {
    try {
      await connection.nats.request(subject, '+ACK', { timeout });
    } catch (error) {
      if (number < 3 || !isUnanswered(error)) throw error;
    }
  });
}

/** The message has it as its reply subject, which the type of nats.js does not show. */
function acknowledgementSubject(message: JsMsg): string {
  if ('reply' in message && typeof message.reply === 'string') return message.reply;
  throw new TypeError('a JetStream message without a reply subject');
}
