/** A message as subscribers and servers of requests see it: bytes and headers, decoded on demand. */
import type { Msg, MsgHdrs } from '@nats-io/transport-node';
import { type Envelope, readEnvelope } from './envelope.ts';

export interface ReceivedMessage {
  subject: string;
  data: Uint8Array;
  /** What the headers say that the orchestra gives a meaning. */
  envelope: Envelope;
  headers: MsgHdrs | undefined;
  /** The body as UTF-8 text; bytes that are none become U+FFFD. */
  text: () => string;
  /** The body as JSON; undefined when it is empty. @throws SyntaxError */
  json: () => unknown;
}

export function receivedMessage({
  subject,
  data,
  headers,
}: Pick<Msg, 'subject' | 'data' | 'headers'>): ReceivedMessage {
  return {
    subject,
    data,
    headers,
    envelope: readEnvelope(headers),
    text: () => new TextDecoder().decode(data),
    json: () => (data.length === 0 ? undefined : JSON.parse(new TextDecoder().decode(data))),
  };
}
