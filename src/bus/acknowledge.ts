/** Acknowledging a message so that the server confirms it: on a breaking connection a plain one is lost without a word. */
import type { JsMsg } from '@nats-io/jetstream';
import type { Connection } from './connection.ts';
import { untilAnswered } from './until-answered.ts';

/** How often the server is asked to confirm before it is left at that. */
const tries = 3;

/**
 * It is tried and no more: a consumer that is gone does not answer, nor does one that nats-server restored without its
 * last 100 ms, for messages it does not remember to have delivered (measured on 2.15.1). It then delivers them again, as
 * it may with confirmed ones: whoever reads keeps a ledger. @throws BusError `closed`
 */
export async function acknowledge(connection: Connection, message: JsMsg): Promise<void> {
  const subject = acknowledgementSubject(message);
  await untilAnswered(connection, `acknowledging ${message.subject}`, async ({ timeout, number }) => {
    try {
      await connection.nats.request(subject, '+ACK', { timeout });
    } catch (error) {
      if (number < tries) throw error;
    }
  });
}

/** The message has it as its reply subject, which the type of nats.js does not show. */
function acknowledgementSubject(message: JsMsg): string {
  if ('reply' in message && typeof message.reply === 'string') return message.reply;
  throw new TypeError('a JetStream message without a reply subject');
}
