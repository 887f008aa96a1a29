/** Looking into an agent's inbox without taking anything out: what the stream still has. */
import type { Bus } from './bus.ts';
import { inboxSubjects } from './inbox-subject.ts';
import { type MailboxMessage, readMailboxMessage } from './mailbox-message.ts';
import { caughtUp, readStream } from './read-stream.ts';
import { inboxStream } from './stream-definitions.ts';

export interface ReadInboxOptions {
  /** The latest so many; default 50. */
  limit?: number;
  since?: Date;
  signal?: AbortSignal;
}

/** Oldest first. Malformed messages are shown as well as they can be. @throws BusError */
export async function readInbox(
  bus: Bus,
  agent: string,
  options: ReadInboxOptions = {},
): Promise<MailboxMessage[]> {
  const { limit = 50, since, signal } = options;
  const latest: MailboxMessage[] = [];
  const reading = readStream(bus.connection, {
    stream: inboxStream,
    subjects: inboxSubjects(agent),
    from: since ? { time: since } : 'all',
    follow: false,
    signal,
  });
  for await (const stored of reading) {
    if (stored === caughtUp) break;
    const { subject, seq, time, data, headers } = stored;
    latest.push(readMailboxMessage({ subject, sequence: seq, time, data, headers }).message);
    if (latest.length > limit) latest.shift();
  }
  return latest;
}
