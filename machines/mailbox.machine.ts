/** An agent's durable inbox while it is read: each message is handed to the session and acknowledged when it has arrived. */
import { sendParent, setup } from 'xstate';
import { childReady, fromShutdown, type ShutdownEvent } from './child-contract.ts';
import { unprovidedCallback, unprovidedPromise } from './unprovided.ts';

export interface MailboxInput {
  agent: string;
}

/** What the reader of the stream says of the message it has in hand. */
export type MailboxEvent =
  | ShutdownEvent
  | { type: 'message.taken'; id: string }
  | { type: 'message.settled'; id: string };

export const mailboxMachine = setup({
  types: {
    context: {} as MailboxInput,
    events: {} as MailboxEvent,
    input: {} as MailboxInput,
  },
  actors: {
    openMailbox: unprovidedPromise<void, MailboxInput>('openMailbox'),
    /** Sends `message.taken` and `message.settled`. */
    readMailbox: unprovidedCallback<MailboxEvent, MailboxInput>('readMailbox'),
    /** Rejects when the inbox cannot be read any more. */
    watchMailbox: unprovidedPromise<void, MailboxInput>('watchMailbox'),
    closeMailbox: unprovidedPromise<void, MailboxInput>('closeMailbox'),
  },
  actions: { announceReady: sendParent(childReady) },
}).createMachine({
  id: 'mailbox',
  description: "An agent's durable inbox: each message is handed over, then acknowledged.",
  context: ({ input }) => ({ agent: input.agent }),
  initial: 'opening',
  output: fromShutdown,
  states: {
    opening: {
      description: 'Finds or makes the durable consumer.',
      on: { shutdown: 'closing' },
      invoke: { id: 'openMailbox', src: 'openMailbox', input: ({ context }) => context, onDone: 'reading' },
    },
    reading: {
      description: 'One message at a time, in order; unacknowledged ones come again.',
      entry: 'announceReady',
      invoke: [
        { id: 'readMailbox', src: 'readMailbox', input: ({ context }) => context },
        { id: 'watchMailbox', src: 'watchMailbox', input: ({ context }) => context },
      ],
      initial: 'empty',
      states: {
        empty: {
          description: 'No message is in hand.',
          on: { 'message.taken': 'delivering' },
        },
        delivering: {
          description: 'Kept from redelivery by in-progress acknowledgements.',
          on: { 'message.settled': 'empty' },
        },
      },
      on: { shutdown: 'closing' },
    },
    closing: {
      description: 'Stops reading; what was not acknowledged comes again.',
      invoke: { id: 'closeMailbox', src: 'closeMailbox', input: ({ context }) => context, onDone: 'closed' },
    },
    closed: { type: 'final', description: 'Ended in good order; what is unread stays in the stream.' },
  },
});
