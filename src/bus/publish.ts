/** Publishing to a stream: repeated under one id until the server says that it is stored. */
import { apiErrorNumber, BusError, isTransient, isUnanswered } from './bus-error.ts';
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
    if (isUnanswered(error)) {
      if (await isStored(connection, subject)) throw error;
    } else if (!(error instanceof SyntaxError)) throw error;
  }
  throw new BusError('no-stream', `no stream stores ${subject}`);
}

/** Whether a stream has that subject, so that its silence will pass; a key that may not ask believes the silence. */
async function isStored(connection: Connection, subject: string): Promise<boolean> {
  try {
    const names = await connection.manager.streams.names(subject).next();
    return names.length > 0;
  } catch (error) {
    return isTransient(error) || isUnanswered(error) || apiErrorNumber(error) !== undefined;
  }
}
