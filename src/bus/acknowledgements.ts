/** Acknowledging so that it holds: confirmed by the server, and said again when the server may have forgotten it. */
import type { JsMsg } from '@nats-io/jetstream';
import { type BusError, toBusError } from './bus-error.ts';
import type { Connection } from './connection.ts';
import { untilAnswered } from './until-answered.ts';

/** nats-server writes acknowledgements down every 100 ms; one that is killed forgets the last of them (measured). */
const forgettable = 2_000;

export class Acknowledgements {
  readonly #connection: Connection;
  readonly #recent: { subject: string; at: number }[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async send(message: JsMsg): Promise<void> {
    const subject = subjectOf(message);
    await this.#confirm(subject);
    const at = performance.now();
    this.#recent.push({ subject, at });
    while (this.#recent[0] && this.#recent[0].at < at - forgettable) this.#recent.shift();
  }

  /** After a reconnect: without it a forgotten message would hold up those behind it until its time to be redelivered. */
  async repeat(): Promise<void> {
    await Promise.all(this.#recent.map(({ subject }) => this.#confirm(subject)));
  }

  /** A consumer that is gone has nothing to acknowledge any more. */
  async #confirm(subject: string): Promise<void> {
    try {
      await untilAnswered(this.#connection, 'acknowledging a message', ({ timeout }) =>
        this.#connection.nats.request(subject, '+ACK', { timeout }),
      );
    } catch (error) {
      const problem: BusError = toBusError(error, 'acknowledging a message');
      if (problem.code !== 'no-responder') throw problem;
    }
  }
}

/** The message has it as its reply subject, which the type of nats.js does not show. */
function subjectOf(message: JsMsg): string {
  if ('reply' in message && typeof message.reply === 'string') return message.reply;
  throw new TypeError('a JetStream message without a reply subject');
}
