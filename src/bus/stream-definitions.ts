/** The streams of one orchestra, with their limits: together 1,088 MiB of a store of 4 GiB, with room for the buckets. */
import type { StreamDefinition } from './stream-definition.ts';

const day = 24 * 60 * 60_000;
const mebibyte = 1024 ** 2;

export const inboxStream = 'ORCH_INBOX';
export const eventStream = 'ORCH_EVENTS';
export const deadLetterStream = 'ORCH_DLQ';
export const transitionStream = 'ORCH_TRANSITIONS';

/** The server says here that a message of an inbox was delivered too often; kept until it was turned into a dead letter. */
export const exhaustedSubject = `$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.${inboxStream}.*`;

export interface OrchestraStreamsOptions {
  /** The subjects of all facts. */
  eventSubjects: readonly string[];
  /** Multiplies the sizes; 1 fits a store of 4 GiB. */
  scale?: number;
}

const common = { discard: 'old', duplicateWindow: 10 * 60_000 } as const;

export function orchestraStreams({ eventSubjects, scale = 1 }: OrchestraStreamsOptions): StreamDefinition[] {
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

export const transitionSubject = (node: string): string => `orchestra.journal.${node}.transitions`;

/**
 * A stream of its own, made by the journal, so that transitions never push facts out. On disk it takes about a tenth of
 * its size: transitions resemble each other.
 */
export const transitionStreamDefinition: StreamDefinition = {
  ...common,
  name: transitionStream,
  description: 'Every transition of every machine, in pages',
  subjects: [transitionSubject('*')],
  maxBytes: 256 * mebibyte,
  maxAge: 30 * day,
  maxMessagesPerSubject: -1,
  compressed: true,
};
