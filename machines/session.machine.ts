/** The conversation with the program in an agent's pane: opened when the program takes input, until it breaks or is closed. */
import { sendParent, setup } from 'xstate';
import { childReady, fromShutdown, type ShutdownEvent } from './child-contract.ts';
import { unprovidedPromise } from './unprovided.ts';

export interface SessionInput {
  agent: string;
}

export const sessionMachine = setup({
  types: {
    context: {} as SessionInput,
    events: {} as ShutdownEvent,
    input: {} as SessionInput,
  },
  actors: {
    openConversation: unprovidedPromise<void, SessionInput>('openConversation'),
    /** Rejects when the program no longer takes input. */
    watchConversation: unprovidedPromise<void, SessionInput>('watchConversation'),
    closeConversation: unprovidedPromise<void, SessionInput>('closeConversation'),
  },
  actions: { announceReady: sendParent(childReady) },
}).createMachine({
  id: 'session',
  description: "The conversation with the program in an agent's pane.",
  context: ({ input }) => ({ agent: input.agent }),
  initial: 'opening',
  output: fromShutdown,
  states: {
    opening: {
      description: 'Waits until the program takes input, and listens to its reports.',
      on: { shutdown: 'closing' },
      invoke: {
        id: 'openConversation',
        src: 'openConversation',
        input: ({ context }) => context,
        onDone: 'open',
      },
    },
    open: {
      description: 'Tasks and messages can be handed over.',
      entry: 'announceReady',
      invoke: { id: 'watchConversation', src: 'watchConversation', input: ({ context }) => context },
      on: { shutdown: 'closing' },
    },
    closing: {
      description: 'Nothing is handed over any more.',
      invoke: {
        id: 'closeConversation',
        src: 'closeConversation',
        input: ({ context }) => context,
        onDone: 'closed',
      },
    },
    closed: { type: 'final', description: 'Ended in good order.' },
  },
});
