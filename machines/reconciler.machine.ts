/** Brings one thing into line with another whenever either changes, and from time to time in case a change went unseen. */
import { type DoneActorEvent, sendParent, setup } from 'xstate';
import { childReady, fromShutdown, type ShutdownEvent } from './child-contract.ts';
import { unprovidedCallback, unprovidedPromise } from './unprovided.ts';

export interface ReconcilerInput {
  /** What it keeps in line, for people who watch the machine. */
  subject: string;
  /** How long it rests when nothing changes, in ms. */
  interval: number;
}

export type ReconcilerEvent =
  | ShutdownEvent
  | { type: 'subject.changed' }
  | DoneActorEvent<unknown, 'reconcile'>;

export const reconcilerMachine = setup({
  types: {
    context: {} as ReconcilerInput,
    events: {} as ReconcilerEvent,
    input: {} as ReconcilerInput,
  },
  actors: {
    openSubject: unprovidedPromise<void, ReconcilerInput>('openSubject'),
    /** Sends `subject.changed`; fails when changes can no longer be seen. */
    watchSubject: unprovidedCallback<ReconcilerEvent, ReconcilerInput>('watchSubject'),
    reconcile: unprovidedPromise<void, ReconcilerInput>('reconcile'),
    closeSubject: unprovidedPromise<void, ReconcilerInput>('closeSubject'),
  },
  delays: { interval: ({ context }) => context.interval },
  actions: { announceReady: sendParent(childReady) },
}).createMachine({
  id: 'reconciler',
  description: 'Keeps one thing in line with another: at every change, and from time to time.',
  context: ({ input }) => input,
  initial: 'opening',
  output: fromShutdown,
  states: {
    opening: {
      description: 'Opens what it keeps in line.',
      on: { shutdown: 'closing' },
      invoke: { id: 'openSubject', src: 'openSubject', input: ({ context }) => context, onDone: 'following' },
    },
    following: {
      description: 'Watches for changes.',
      entry: 'announceReady',
      invoke: { id: 'watchSubject', src: 'watchSubject', input: ({ context }) => context },
      on: { shutdown: 'closing' },
      initial: 'reconciling',
      states: {
        reconciling: {
          description: 'Brings the one into line with the other.',
          invoke: { id: 'reconcile', src: 'reconcile', input: ({ context }) => context },
          initial: 'fresh',
          states: {
            fresh: {
              description: 'Nothing has changed since it was begun.',
              on: {
                'subject.changed': 'stale',
                'xstate.done.actor.reconcile': '#reconciler.following.resting',
              },
            },
            stale: {
              description: 'Something has changed meanwhile: it starts over at once.',
              on: {
                'xstate.done.actor.reconcile': { target: '#reconciler.following.reconciling', reenter: true },
              },
            },
          },
        },
        resting: {
          description: 'In line as far as is known; after the interval it looks all the same.',
          on: { 'subject.changed': 'reconciling' },
          after: { interval: 'reconciling' },
        },
      },
    },
    closing: {
      description: 'Closes what it has opened.',
      invoke: { id: 'closeSubject', src: 'closeSubject', input: ({ context }) => context, onDone: 'closed' },
    },
    closed: { type: 'final', description: 'Ended in good order.' },
  },
});
