/** Which inboxes take no more messages: a bare `nats pub` to one is refused without a word, so somebody has to look. */
import type { Bus } from './bus.ts';
import { readInboxSubject } from './inbox-subject.ts';
import { inboxStream, largestMessage } from './stream-definitions.ts';
import { untilAnswered } from './until-answered.ts';

/** A sender whose messages to an agent are refused. */
export interface FullInbox {
  agent: string;
  from: string;
  messages: number;
}

export interface InboxLook {
  full: FullInbox[];
  /** The whole stream has no room for a message of the largest size. */
  isStreamFull: boolean;
}

/** @throws BusError */
export async function lookForFullInboxes({ connection }: Bus): Promise<InboxLook> {
  const { state, config } = await untilAnswered(connection, `looking at ${inboxStream}`, () =>
    connection.manager.streams.info(inboxStream, { subjects_filter: '>' }),
  );
  const full: FullInbox[] = [];
  for (const [subject, messages] of Object.entries(state.subjects ?? {})) {
    const address = readInboxSubject(subject);
    if (address && messages >= config.max_msgs_per_subject)
      full.push({ agent: address.to, from: address.from, messages });
  }
  return { full, isStreamFull: config.max_bytes > 0 && state.bytes + largestMessage > config.max_bytes };
}
