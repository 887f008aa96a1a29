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
  | DoneActorEvent<unknown, 'reconciliation'>;

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
  context: ({ input }) => input,
  initial: 'opening',
  output: fromShutdown,
  states: {
    opening: {
      on: { shutdown: 'closing' },
      invoke: { src: 'openSubject', input: ({ context }) => context, onDone: 'following' },
    },
    following: {
      entry: 'announceReady',
      invoke: { src: 'watchSubject', input: ({ context }) => context },
      on: { shutdown: 'closing' },
      initial: 'reconciling',
      states: {
        reconciling: {
          id: 'reconciling',
          invoke: { id: 'reconciliation', src: 'reconcile', input: ({ context }) => context },
          initial: 'fresh',
          states: {
            fresh: {
              on: { 'subject.changed': 'stale', 'xstate.done.actor.reconciliation': '#resting' },
            },
            stale: {
              description: 'Something has changed meanwhile: it starts over at once.',
              on: { 'xstate.done.actor.reconciliation': { target: '#reconciling', reenter: true } },
            },
          },
        },
        resting: {
          id: 'resting',
          on: { 'subject.changed': 'reconciling' },
          after: { interval: 'reconciling' },
        },
      },
    },
    closing: {
      invoke: { src: 'closeSubject', input: ({ context }) => context, onDone: 'closed' },
    },
    closed: { type: 'final' },
  },
});
