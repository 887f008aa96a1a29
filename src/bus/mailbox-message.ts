/** A stored message of an inbox as the agent gets it, or why it cannot be given to an agent. */
import type { MsgHdrs } from '@nats-io/transport-node';
import { readEnvelope, schemaVersion } from './envelope.ts';
import { operator, readInboxSubject } from './inbox-subject.ts';
import { inboxStream } from './stream-definitions.ts';

export interface MailboxMessage {
  /** The sender's id, or `ORCH_INBOX:<sequence>` for a message without headers. */
  id: string;
  /** An agent's name, enforced by the server, or `operator`. */
  from: string;
  to: string;
  subject: string;
  text: string;
  /** The body parsed, when it says that it is JSON. */
  json: unknown;
  contentType: string;
  type: string | undefined;
  correlationId: string | undefined;
  traceparent: string | undefined;
  /** Its place in the stream: the order in which messages are handled. */
  sequence: number;
  /** When the stream took it, ISO 8601. */
  sentAt: string;
}

export interface StoredInboxMessage {
  subject: string;
  sequence: number;
  time: Date;
  data: Uint8Array;
  headers: MsgHdrs | undefined;
}

/** `malformed` says why no agent can read it; the message is then as good as it can be shown. */
export interface ReadMailboxMessage {
  message: MailboxMessage;
  malformed?: string;
}

export function readMailboxMessage({
  subject,
  sequence,
  time,
  data,
  headers,
}: StoredInboxMessage): ReadMailboxMessage {
  const envelope = readEnvelope(headers);
  const address = readInboxSubject(subject);
  const contentType = envelope.contentType ?? 'text/plain';
  const body = readBody(contentType, data);
  const message: MailboxMessage = {
    id: envelope.id ?? `${inboxStream}:${sequence}`,
    from: address?.from ?? operator,
    to: address?.to ?? '',
    subject,
    text: body.text,
    json: body.json,
    contentType,
    type: envelope.type,
    correlationId: envelope.correlationId,
    traceparent: envelope.traceparent,
    sequence,
    sentAt: time.toISOString(),
  };
  const malformed = schemaProblem(envelope.schema) ?? body.malformed;
  return malformed === undefined ? { message } : { message, malformed };
}

function schemaProblem(schema: string | undefined): string | undefined {
  if (schema === undefined || schema === schemaVersion) return undefined;
  return `its Orch-Schema is ${schema}, and this daemon reads ${schemaVersion}`;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

interface ReadBody {
  text: string;
  json?: unknown;
  malformed?: string;
}

function readBody(contentType: string, data: Uint8Array): ReadBody {
  let text: string;
  try {
    text = strictUtf8.decode(data);
  } catch {
    return { text: new TextDecoder().decode(data), malformed: 'its body is no UTF-8 text' };
  }
  if (text.trim() === '') return { text, malformed: 'its body is empty' };
  if (!contentType.startsWith('application/json')) return { text };
  try {
    return { text, json: JSON.parse(text) };
  } catch (error) {
    return {
      text,
      malformed: `its body is no JSON: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
