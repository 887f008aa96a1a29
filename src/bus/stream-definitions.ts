/** The streams of one orchestra, with their limits. */
import type { StreamDefinition } from './stream-definition.ts';

const day = 24 * 60 * 60_000;
const mebibyte = 1024 ** 2;

export const inboxStream = 'ORCH_INBOX';
export const eventStream = 'ORCH_EVENTS';
export const deadLetterStream = 'ORCH_DLQ';

/** The server says here that a message of an inbox was delivered too often; kept until it was turned into a dead letter. */
export const exhaustedSubject = `$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.${inboxStream}.*`;

export interface OrchestraStreamsOptions {
  /** The subjects of all facts. */
  eventSubjects: readonly string[];
  /** Multiplies the sizes; 1 (832 MiB together) fits a store of 4 GiB with room for the buckets. */
  scale?: number;
}

export function orchestraStreams({ eventSubjects, scale = 1 }: OrchestraStreamsOptions): StreamDefinition[] {
  const common = { discard: 'old', duplicateWindow: 10 * 60_000 } as const;
  const size = (mebibytes: number) => Math.round(mebibytes * mebibyte * scale);
  return [
    {
      ...common,
      name: inboxStream,
      description: 'Messages to agents, from people and from each other',
      subjects: ['orchestra.agent.*.inbox', 'orchestra.agent.*.inbox.*'],
      maxBytes: size(256),
      maxAge: 7 * day,
      maxMessagesPerSubject: 1_000,
    },
    {
      ...common,
      name: eventStream,
      description: 'Everything that has happened',
      subjects: eventSubjects,
      maxBytes: size(512),
      maxAge: 30 * day,
      maxMessagesPerSubject: -1,
    },
    {
      ...common,
      name: deadLetterStream,
      description: 'Messages that could not be delivered, and why',
      subjects: ['orchestra.dlq.*', exhaustedSubject],
      maxBytes: size(64),
      maxAge: 30 * day,
      maxMessagesPerSubject: -1,
    },
  ];
}
