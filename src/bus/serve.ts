/** Answering requests on a subject: a handler's value or error becomes the reply, and never a crash. */
import type { Msg } from '@nats-io/transport-node';
import { BusError, toBusError } from './bus-error.ts';
import type { Connection } from './connection.ts';
import { encodeMessage, nextTraceparent } from './envelope.ts';
import { checkSize } from './publish.ts';
import { type ReceivedMessage, receivedMessage } from './received-message.ts';
import { failedReply, type ReplyEnvelope } from './reply-envelope.ts';
import { listen } from './subscribe.ts';

/** Gets the body parsed as JSON (undefined when empty); what it resolves with must be JSON. */
export type RequestHandler = (body: unknown, message: ReceivedMessage) => unknown;

export interface ServeOptions {
  /** Of those who serve under one queue name, one gets each request. */
  queue?: string;
}

/** Serves until the returned function is called; goes on by itself after a reconnect. */
export function serve(
  connection: Connection,
  subject: string,
  handler: RequestHandler,
  options: ServeOptions = {},
): () => void {
  return listen(connection, subject, options, async (message) => {
    const reply = await answer(handler, receivedMessage(message));
    try {
      send(connection, message, reply);
    } catch (error) {
      connection.report(toBusError(error, `answering on ${message.subject}`));
    }
  });
}

async function answer(handler: RequestHandler, message: ReceivedMessage): Promise<ReplyEnvelope> {
  let body: unknown;
  try {
    body = message.json();
  } catch {
    return { ok: false, error: { code: 'bad-request', message: `${message.subject} takes JSON` } };
  }
  try {
    return { ok: true, value: await handler(body, message) };
  } catch (error) {
    return failedReply(error);
  }
}

/** A request published without a reply subject is carried out and not answered. */
function send(connection: Connection, message: Msg, reply: ReplyEnvelope): void {
  if (!message.reply || connection.nats.isClosed()) return;
  const { data, headers } = encodeReply(connection, message, reply);
  message.respond(data, { headers });
}

function encodeReply(connection: Connection, message: Msg, reply: ReplyEnvelope) {
  const traceparent = nextTraceparent(message.headers?.get('traceparent'));
  try {
    const encoded = encodeMessage(reply, { traceparent });
    checkSize(connection, `the one who asked ${message.subject}`, encoded);
    return encoded;
  } catch (error) {
    const failure = error instanceof BusError ? error : toBusError(error, 'the answer is no JSON');
    return encodeMessage(failedReply(failure), { traceparent });
  }
}
