/** One agent's tmux pane: taken over from an earlier daemon, or cleared of what an earlier life left and opened; watched, closed. */
import { assertEvent, assign, type DoneActorEvent, sendParent, setup } from 'xstate';
import { childReady, fromShutdown, type ShutdownEvent } from './child-contract.ts';
import { unprovidedPromise } from './unprovided.ts';

export interface PaneInput {
  agent: string;
}

/** Where the agent lives now; `run` names the process that has to live in it (mode kept). */
export interface OpenedPane {
  pane: string;
  run?: string | undefined;
}

export type PaneEvent =
  | ShutdownEvent
  | DoneActorEvent<OpenedPane | null, 'adoptPane'>
  | DoneActorEvent<OpenedPane, 'openPane'>;

export const paneMachine = setup({
  types: {
    context: {} as { agent: string; opened: OpenedPane | null },
    events: {} as PaneEvent,
    input: {} as PaneInput,
  },
  actors: {
    /** The pane that an earlier daemon has left, when it is proven whose it is; null when nothing is taken over. */
    adoptPane: unprovidedPromise<OpenedPane | null, { agent: string }>('adoptPane'),
    endOrphans: unprovidedPromise<void, { agent: string }>('endOrphans'),
    openPane: unprovidedPromise<OpenedPane, { agent: string }>('openPane'),
    /** Rejects when the pane, or the process that has to live in it, is gone. */
    watchPane: unprovidedPromise<void, { agent: string; opened: OpenedPane | null }>('watchPane'),
    closePane: unprovidedPromise<void, { agent: string; opened: OpenedPane | null }>('closePane'),
  },
  actions: {
    announceReady: sendParent(childReady),
    rememberPane: assign(({ event }) => {
      assertEvent(event, ['xstate.done.actor.adoptPane', 'xstate.done.actor.openPane']);
      return { opened: event.output };
    }),
  },
  guards: {
    isAdopted: ({ event }) => {
      assertEvent(event, 'xstate.done.actor.adoptPane');
      return event.output !== null;
    },
  },
}).createMachine({
  id: 'pane',
  description: 'The tmux pane an agent lives in, from what an earlier life left behind to its end.',
  context: ({ input }) => ({ agent: input.agent, opened: null }),
  initial: 'adopting',
  output: fromShutdown,
  states: {
    adopting: {
      description:
        'At the first start under this daemon: what an earlier one left is taken over if it is proven.',
      on: { shutdown: 'closing' },
      invoke: {
        id: 'adoptPane',
        src: 'adoptPane',
        input: ({ context }) => context,
        onDone: [{ guard: 'isAdopted', target: 'open', actions: 'rememberPane' }, { target: 'clearing' }],
      },
    },
    clearing: {
      description: 'Ends processes that carry the mark of this agent and outlived their pane.',
      on: { shutdown: 'closing' },
      invoke: { id: 'endOrphans', src: 'endOrphans', input: ({ context }) => context, onDone: 'opening' },
    },
    opening: {
      description: 'Finds or makes the window; in mode kept starts the program.',
      on: { shutdown: 'closing' },
      invoke: {
        id: 'openPane',
        src: 'openPane',
        input: ({ context }) => context,
        onDone: { target: 'open', actions: 'rememberPane' },
      },
    },
    open: {
      description: 'The pane is there. Its loss is an error: the supervisor opens it anew.',
      entry: 'announceReady',
      invoke: { id: 'watchPane', src: 'watchPane', input: ({ context }) => context },
      on: { shutdown: 'closing' },
    },
    closing: {
      description: 'Ends the process tree and the window.',
      invoke: { id: 'closePane', src: 'closePane', input: ({ context }) => context, onDone: 'closed' },
    },
    closed: {
      type: 'final',
      description: 'Nothing of it runs any more, unless panes are kept for the next daemon.',
    },
  },
});
