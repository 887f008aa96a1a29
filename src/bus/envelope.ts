/** What goes with a message: the headers that the orchestra gives a meaning, and how a body becomes bytes. */
import { randomUUID } from 'node:crypto';
import { headers, type MsgHdrs } from '@nats-io/transport-node';

export type Body = string | Uint8Array | object;

/** Headers are the sender's claims; only the subject is enforced by the server. */
export interface Envelope {
  /** `Nats-Msg-Id`: the same for every try of one message. */
  id?: string;
  /** W3C trace context, `00-<trace>-<span>-<flags>`. */
  traceparent?: string;
  contentType?: string;
  /** `Orch-Type`: the kind of message, for example `message` or a fact's name. */
  type?: string;
  /** `Orch-Correlation-Id`: what this belongs to or answers. */
  correlationId?: string;
  /** `Orch-Schema`: the version of these conventions. */
  schema?: string;
}

export const schemaVersion = '1';

const headerNames = {
  id: 'Nats-Msg-Id',
  traceparent: 'traceparent',
  contentType: 'Content-Type',
  type: 'Orch-Type',
  correlationId: 'Orch-Correlation-Id',
  schema: 'Orch-Schema',
} as const satisfies Record<keyof Envelope, string>;

/** Further headers by their names; they win over those made from the envelope. */
export type ExtraHeaders = Readonly<Record<string, string>>;

export interface EncodedMessage {
  id: string;
  data: Uint8Array;
  headers: MsgHdrs;
}

/** Makes the id before the first try. @throws TypeError for an object that is no JSON, or a header value with a line end. */
export function encodeMessage(body: Body, envelope: Envelope, extra: ExtraHeaders = {}): EncodedMessage {
  const { data, contentType } = encodeBody(body);
  const id = extra[headerNames.id] ?? envelope.id ?? randomUUID();
  const complete: Envelope = {
    contentType,
    schema: schemaVersion,
    ...envelope,
    id,
    traceparent: envelope.traceparent ?? newTraceparent(),
  };
  const encoded = headers();
  for (const [field, name] of Object.entries(headerNames)) {
    const value = complete[field as keyof Envelope];
    if (value !== undefined) encoded.set(name, value);
  }
  for (const [name, value] of Object.entries(extra)) encoded.set(name, value);
  return { id, data, headers: encoded };
}

/** What the headers say; a bare `nats pub` has none. */
export function readEnvelope(received: MsgHdrs | undefined): Envelope {
  const envelope: Envelope = {};
  for (const [field, name] of Object.entries(headerNames)) {
    const value = received?.get(name);
    if (value) envelope[field as keyof Envelope] = value;
  }
  return envelope;
}

/** Begins a trace: https://www.w3.org/TR/trace-context/#traceparent-header */
function newTraceparent(): string {
  return `00-${randomHex()}-${randomSpan()}-01`;
}

/** Goes on with a trace under a new span; begins one when there is none that can be read. */
export function nextTraceparent(parent: string | undefined): string {
  const trace = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/.exec(parent ?? '');
  return trace ? `00-${trace[1]}-${randomSpan()}-${trace[2]}` : newTraceparent();
}

const utf8 = new TextEncoder();

/** 32 digits. Node keeps random bytes for UUIDs ready; asking for others costs 50 µs on a path that counts. */
const randomHex = (): string => randomUUID().replaceAll('-', '');

/** Without the digits that are the same in every UUID. */
const randomSpan = (): string => randomHex().slice(-15) + randomHex().slice(-1);

function encodeBody(body: Body): { data: Uint8Array; contentType: string } {
  if (typeof body === 'string') return { data: utf8.encode(body), contentType: 'text/plain; charset=utf-8' };
  if (body instanceof Uint8Array) return { data: body, contentType: 'application/octet-stream' };
  return { data: utf8.encode(JSON.stringify(body)), contentType: 'application/json' };
}
