/** Keeps an inbox from filling up with what was handled: of each sender the latest stay for people to look at. */
import type { JsMsg } from '@nats-io/jetstream';
import type { Connection } from './connection.ts';
import { inboxSubjects } from './inbox-subject.ts';
import { caughtUp, readStream } from './read-stream.ts';
import { inboxStream, keptHandled } from './stream-definitions.ts';
import { untilAnswered } from './until-answered.ts';

/** So many more than are kept may gather before they are thrown away together. */
const slack = 50;

/** The handled messages of one agent's inbox that are still stored. What is not handled is never touched. */
export class InboxTrim {
  readonly #connection: Connection;
  /** By subject, ascending sequences. */
  readonly #handled = new Map<string, number[]>();

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Looks through the inbox once. @throws BusError */
  static async open(
    connection: Connection,
    agent: string,
    isHandled: (message: JsMsg) => boolean,
    signal: AbortSignal,
  ): Promise<InboxTrim> {
    const trim = new InboxTrim(connection);
    const reading = readStream(connection, {
      stream: inboxStream,
      subjects: inboxSubjects(agent),
      from: 'all',
      follow: false,
      headersOnly: true,
      signal,
    });
    for await (const message of reading) {
      if (message === caughtUp) break;
      if (isHandled(message)) trim.#note(message.subject, message.seq);
    }
    for (const subject of trim.#handled.keys()) await trim.#trim(subject);
    return trim;
  }

  /** A message was handled and acknowledged. @throws BusError */
  async handled(subject: string, sequence: number): Promise<void> {
    this.#note(subject, sequence);
    await this.#trim(subject);
  }

  #note(subject: string, sequence: number): void {
    const sequences = this.#handled.get(subject);
    if (!sequences) this.#handled.set(subject, [sequence]);
    else if ((sequences.at(-1) ?? 0) < sequence) sequences.push(sequence);
  }

  async #trim(subject: string): Promise<void> {
    const sequences = this.#handled.get(subject) ?? [];
    if (sequences.length <= keptHandled + slack) return;
    sequences.splice(0, sequences.length - keptHandled);
    const [oldestKept = 0] = sequences;
    await untilAnswered(this.#connection, `trimming ${subject}`, () =>
      this.#connection.manager.streams.purge(inboxStream, { filter: subject, seq: oldestKept }),
    );
  }
}
