/** The scheduler: whenever tasks or agents change, and at every tick, it plans anew and claims what it has planned. */
import { type DoneActorEvent, sendParent, setup } from 'xstate';
import { childReady, fromShutdown, type ShutdownEvent } from './child-contract.ts';
import { unprovidedCallback, unprovidedPromise } from './unprovided.ts';

export interface SchedulerInput {
  /** How long it rests when nothing changes, in ms. */
  tick: number;
}

export type SchedulerEvent =
  | ShutdownEvent
  | { type: 'board.changed' }
  | DoneActorEvent<unknown, 'planAndClaim'>;

export const schedulerMachine = setup({
  types: {
    context: {} as SchedulerInput,
    events: {} as SchedulerEvent,
    input: {} as SchedulerInput,
  },
  actors: {
    /** Sends `board.changed` when a task, an agent or the config has changed. */
    watchBoard: unprovidedCallback<SchedulerEvent, SchedulerInput>('watchBoard'),
    /** Takes back what has expired, plans, and claims by compare-and-set. */
    planAndClaim: unprovidedPromise<void, SchedulerInput>('planAndClaim'),
  },
  delays: { tick: ({ context }) => context.tick },
  actions: { announceReady: sendParent(childReady) },
}).createMachine({
  id: 'scheduler',
  description:
    'Plans anew whenever tasks or agents change, and at every tick, and claims what it has planned.',
  context: ({ input }) => ({ tick: input.tick }),
  initial: 'scheduling',
  output: fromShutdown,
  states: {
    scheduling: {
      description: 'Watches the board of tasks and agents.',
      entry: 'announceReady',
      invoke: { id: 'watchBoard', src: 'watchBoard', input: ({ context }) => context },
      on: { shutdown: 'stopped' },
      initial: 'planning',
      states: {
        planning: {
          description: 'A plan is made from the board as it is now, and claimed.',
          invoke: { id: 'planAndClaim', src: 'planAndClaim', input: ({ context }) => context },
          initial: 'fresh',
          states: {
            fresh: {
              description: 'Nothing has changed since the plan was begun.',
              on: {
                'board.changed': 'stale',
                'xstate.done.actor.planAndClaim': '#scheduler.scheduling.resting',
              },
            },
            stale: {
              description: 'The board has changed meanwhile: a new plan follows at once.',
              on: {
                'xstate.done.actor.planAndClaim': { target: '#scheduler.scheduling.planning', reenter: true },
              },
            },
          },
        },
        resting: {
          description: 'The board is as the last plan saw it; after a tick it plans all the same.',
          on: { 'board.changed': 'planning' },
          after: { tick: 'planning' },
        },
      },
    },
    stopped: { type: 'final', description: 'Ended in good order; claims stay with their agents.' },
  },
});
