/** Publishing to a stream: repeated under one id until the server says that it is stored. */
import { BusError, isTransient, isUnanswered } from './bus-error.ts';
import type { Connection } from './connection.ts';
import {
  type Body,
  type EncodedMessage,
  type Envelope,
  type ExtraHeaders,
  encodeMessage,
} from './envelope.ts';
import { checkPublishable } from './subject.ts';
import { type Attempt, type Persistence, untilAnswered } from './until-answered.ts';

export interface PublishOptions extends Envelope, Persistence {
  headers?: ExtraHeaders;
}

/** Where a message is stored. */
export interface PublishReceipt {
  stream: string;
  sequence: number;
  /** An earlier message with this id is already there; `sequence` is that one's. */
  duplicate: boolean;
}

/**
 * @throws BusError `too-large` (names size and limit), `no-stream` (names the subject), `no-space`, `denied`, `deadline`,
 * `aborted`, `closed`, `bad-subject`, `refused`
 */
export function publish(
  connection: Connection,
  subject: string,
  body: Body,
  { deadline, signal, headers, ...envelope }: PublishOptions = {},
): Promise<PublishReceipt> {
  return publishEncoded(connection, subject, encodeMessage(body, envelope, headers), { deadline, signal });
}

/** Publishes what was encoded, and so was given its id, earlier. */
export async function publishEncoded(
  connection: Connection,
  subject: string,
  message: EncodedMessage,
  persistence: Persistence = {},
): Promise<PublishReceipt> {
  checkPublishable(subject);
  return untilAnswered(
    connection,
    `publishing to ${subject}`,
    (attempt) => {
      checkSize(connection, subject, message);
      return publishOnce(connection, subject, message, attempt);
    },
    persistence,
  );
}

/** @throws BusError `too-large` */
export function checkSize(
  connection: Connection,
  subject: string,
  { data, headers }: Pick<EncodedMessage, 'data' | 'headers'>,
): void {
  const size = data.length + Buffer.byteLength(String(headers));
  if (size <= connection.maxPayload) return;
  throw new BusError(
    'too-large',
    `the message to ${subject} has ${size} bytes with its headers; nats-server takes ${connection.maxPayload}`,
  );
}

async function publishOnce(
  connection: Connection,
  subject: string,
  { data, headers }: EncodedMessage,
  { timeout }: Attempt,
): Promise<PublishReceipt> {
  try {
    const { stream, seq, duplicate } = await connection.jetstream.publish(subject, data, {
      headers,
      timeout,
    });
    if (typeof stream === 'string') return { stream, sequence: seq, duplicate };
  } catch (error) {
    if (isUnanswered(error)) await refuseUnstored(connection, subject, error);
    /** What answered is no stream: somebody serves requests on that subject. */
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new BusError('no-stream', `no stream stores ${subject}`);
}

/**
 * Nobody answered: is there no stream for that subject, or is it silent for a while? A key that may not ask believes the
 * silence. @throws BusError `no-stream`, or `timeout` for a stream that is there
 */
async function refuseUnstored(connection: Connection, subject: string, silence: unknown): Promise<never> {
  let names: readonly string[] = [];
  try {
    names = await connection.manager.streams.names(subject).next();
  } catch (error) {
    const isAnswer = !isTransient(error) && !isUnanswered(error);
    if (!isAnswer) throw silence;
  }
  if (names.length === 0) throw new BusError('no-stream', `no stream stores ${subject}`);
  throw new BusError('timeout', `the stream ${names[0]} does not answer`, { cause: silence });
}
