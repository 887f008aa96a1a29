/** Dead letters: messages that could not be handled, kept with the reason until a person has looked. */
import type { MsgHdrs } from '@nats-io/transport-node';
import { headers as makeHeaders } from '@nats-io/transport-node';
import type { Bus } from './bus.ts';
import type { Connection } from './connection.ts';
import { type MailboxMessage, readMailboxMessage } from './mailbox-message.ts';
import { publishEncoded } from './publish.ts';
import { caughtUp, readStream } from './read-stream.ts';
import { deadLetterStream, inboxStream } from './stream-definitions.ts';

export interface DeadLetter {
  agent: string;
  reason: string;
  /** When it became a dead letter, ISO 8601. */
  at: string;
  message: MailboxMessage;
}

const header = {
  reason: 'Orch-Dead-Reason',
  subject: 'Orch-Dead-Subject',
  sequence: 'Orch-Dead-Sequence',
  id: 'Orch-Dead-Id',
  sentAt: 'Orch-Dead-Sent-At',
} as const;

export interface UndeliverableMessage {
  id: string;
  subject: string;
  sequence: number;
  sentAt: string;
  data: Uint8Array;
  headers: MsgHdrs | undefined;
}

/** Stores it once, however often it is called for the same message. @throws BusError */
export async function storeDeadLetter(
  connection: Connection,
  agent: string,
  message: UndeliverableMessage,
  reason: string,
): Promise<void> {
  const id = `${inboxStream}:${message.sequence}:dead:${agent}`;
  const headers = makeHeaders();
  for (const [name, values] of message.headers ?? []) {
    if (!name.startsWith('Nats-')) headers.set(name, values[0] ?? '');
  }
  headers.set('Nats-Msg-Id', id);
  headers.set(header.reason, asHeaderValue(reason));
  headers.set(header.subject, message.subject);
  headers.set(header.sequence, String(message.sequence));
  headers.set(header.id, message.id);
  headers.set(header.sentAt, message.sentAt);
  await publishEncoded(connection, `orchestra.dlq.${agent}`, { id, data: message.data, headers });
}

/** A header is one line; with 4 096 characters the message still fits where it fitted before in all but the rarest case. */
function asHeaderValue(text: string): string {
  return text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 4_096);
}

export interface DeadLettersOptions {
  /** Only this agent's. */
  agent?: string;
  /** The latest so many; default 100. */
  limit?: number;
  signal?: AbortSignal;
}

/** The latest dead letters, oldest first. @throws BusError */
export async function deadLetters(bus: Bus, options: DeadLettersOptions = {}): Promise<DeadLetter[]> {
  const { agent = '*', limit = 100, signal } = options;
  const latest: DeadLetter[] = [];
  const reading = readStream(bus.connection, {
    stream: deadLetterStream,
    subjects: [`orchestra.dlq.${agent}`],
    from: 'all',
    follow: false,
    signal,
  });
  for await (const stored of reading) {
    if (stored === caughtUp) break;
    latest.push(readDeadLetter(stored));
    if (latest.length > limit) latest.shift();
  }
  return latest;
}

function readDeadLetter(stored: {
  subject: string;
  time: Date;
  data: Uint8Array;
  headers: MsgHdrs | undefined;
}): DeadLetter {
  const { headers, data } = stored;
  const said = (name: string) => headers?.get(name) ?? '';
  const { message } = readMailboxMessage({
    subject: said(header.subject),
    sequence: Number(said(header.sequence)),
    time: timeOf(said(header.sentAt)) ?? stored.time,
    data,
    headers,
  });
  return {
    agent: stored.subject.split('.')[2] ?? '',
    reason: said(header.reason),
    at: stored.time.toISOString(),
    message: { ...message, id: said(header.id) },
  };
}

function timeOf(text: string): Date | undefined {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
