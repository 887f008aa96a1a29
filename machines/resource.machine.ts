/** Something of the world that is opened, watched while it is open, and closed: a server process, a connection, a watcher. */
import { sendParent, setup } from 'xstate';
import { childReady, fromShutdown, type ShutdownEvent } from './child-contract.ts';
import { unprovidedPromise } from './unprovided.ts';

export interface ResourceInput {
  /** What it is, for people who watch the machine. */
  resource: string;
}

export const resourceMachine = setup({
  types: {
    context: {} as ResourceInput,
    events: {} as ShutdownEvent,
    input: {} as ResourceInput,
  },
  actors: {
    openResource: unprovidedPromise<void, ResourceInput>('openResource'),
    /** Rejects when the resource is lost. */
    watchResource: unprovidedPromise<void, ResourceInput>('watchResource'),
    closeResource: unprovidedPromise<void, ResourceInput>('closeResource'),
  },
  actions: { announceReady: sendParent(childReady) },
}).createMachine({
  id: 'resource',
  description: 'Something of the world that is held open: a server process, a connection, a watcher.',
  context: ({ input }) => ({ resource: input.resource }),
  initial: 'opening',
  output: fromShutdown,
  states: {
    opening: {
      description: 'Opened as far as an effect proves that it works.',
      on: { shutdown: 'closing' },
      invoke: { id: 'openResource', src: 'openResource', input: ({ context }) => context, onDone: 'open' },
    },
    open: {
      description: 'In use. Its loss is an error: the supervisor opens it anew.',
      entry: 'announceReady',
      invoke: { id: 'watchResource', src: 'watchResource', input: ({ context }) => context },
      on: { shutdown: 'closing' },
    },
    closing: {
      description: 'Given back to the world.',
      invoke: {
        id: 'closeResource',
        src: 'closeResource',
        input: ({ context }) => context,
        onDone: 'closed',
      },
    },
    closed: { type: 'final', description: 'Ended in good order.' },
  },
});
