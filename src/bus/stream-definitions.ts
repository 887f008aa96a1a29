/** The streams of one orchestra, with their limits: 1,088 MiB together where nothing else is configured. */
import type { StreamDefinition } from './stream-definition.ts';

const day = 24 * 60 * 60_000;
const mebibyte = 1024 ** 2;

export const inboxStream = 'ORCH_INBOX';
export const eventStream = 'ORCH_EVENTS';
export const deadLetterStream = 'ORCH_DLQ';
export const transitionStream = 'ORCH_TRANSITIONS';

/** The server says here that a message of an inbox was delivered too often; kept until it was turned into a dead letter. */
export const exhaustedSubject = `$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.${inboxStream}.*`;

/** How long and how much a stream keeps: days, and bytes that are reserved. */
export interface Retained {
  days: number;
  size: number;
}

export interface Retention {
  events: Retained;
  transitions: Retained;
  inbox: Retained;
  deadLetters: Retained;
}

export const usualRetention: Retention = {
  events: { days: 30, size: 512 * mebibyte },
  transitions: { days: 30, size: 256 * mebibyte },
  inbox: { days: 7, size: 256 * mebibyte },
  deadLetters: { days: 30, size: 64 * mebibyte },
};

/** Messages of one sender to one agent that may wait; the next is refused. */
export const mostWaiting = 1_000;

/** Handled messages of one sender to one agent that are kept for people to look at. */
export const keptHandled = 200;

/** One message to an agent: what is longer belongs in a file. */
export const largestMessage = 256 * 1024;

export interface OrchestraStreamsOptions {
  /** The subjects of all facts. */
  eventSubjects: readonly string[];
  /** Default the usual. */
  retention?: Retention;
  /** Multiplies the sizes. */
  scale?: number;
}

const common = { discard: 'old', duplicateWindow: 10 * 60_000 } as const;

export function orchestraStreams({
  eventSubjects,
  retention = usualRetention,
  scale = 1,
}: OrchestraStreamsOptions): StreamDefinition[] {
  const limits = ({ days, size }: Retained) => ({ maxBytes: Math.round(size * scale), maxAge: days * day });
  const { inbox, events, deadLetters } = retention;
  return [
    {
      ...common,
      name: inboxStream,
      description: 'Messages to agents, from people and from each other',
      subjects: ['orchestra.agent.*.inbox', 'orchestra.agent.*.inbox.*'],
      ...limits(inbox),
      // What nobody has handled is never pushed out: the sender is told.
      discard: 'new',
      maxMessagesPerSubject: mostWaiting + keptHandled,
      maxMessageBytes: largestMessage,
    },
    {
      ...common,
      name: eventStream,
      description: 'Everything that has happened',
      subjects: eventSubjects,
      ...limits(events),
      maxMessagesPerSubject: -1,
    },
    {
      ...common,
      name: deadLetterStream,
      description: 'Messages that could not be delivered, and why',
      subjects: ['orchestra.dlq.*', exhaustedSubject],
      ...limits(deadLetters),
      maxMessagesPerSubject: -1,
    },
  ];
}

export const transitionSubject = (node: string): string => `orchestra.journal.${node}.transitions`;

/**
 * A stream of its own, made by the journal, so that transitions never push facts out. On disk it takes about a tenth of
 * its size: transitions resemble each other.
 */
export const transitionStreamOf = ({ days, size }: Retained): StreamDefinition => ({
  ...common,
  name: transitionStream,
  description: 'Every transition of every machine, in pages',
  subjects: [transitionSubject('*')],
  maxBytes: size,
  maxAge: days * day,
  maxMessagesPerSubject: -1,
  compressed: true,
});

export const transitionStreamDefinition: StreamDefinition = transitionStreamOf(usualRetention.transitions);
