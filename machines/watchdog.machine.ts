/** The watchdog: an eye on every agent, fed with evidence of life, the hands that carry out what an eye demands, and the end of quarantines. */
import { assertEvent, enqueueActions, sendParent, setup } from 'xstate';
import { childReady, fromShutdown, type ShutdownEvent } from './child-contract.ts';
import { type RemedyEvent, type StallEvent, stallMachine } from './stall.machine.ts';
import { unprovidedCallback } from './unprovided.ts';

export interface WatchdogInput {
  agents: string[];
  /** Silence after which an agent is nudged, in ms. */
  stall: number;
  /** Time between nudge, interrupt and restart, in ms. */
  step: number;
}

/** What the senses tell of one agent. */
export interface SenseEvent {
  type: 'agent.sensed';
  agent: string;
  sign: StallEvent;
}

export type WatchdogEvent = ShutdownEvent | RemedyEvent | SenseEvent;

export const watchdogMachine = setup({
  types: {
    context: {} as WatchdogInput,
    events: {} as WatchdogEvent,
    input: {} as WatchdogInput,
  },
  actors: {
    stall: stallMachine,
    /** Sends `agent.sensed` from presence, reports, worktrees and processes. */
    senses: unprovidedCallback<WatchdogEvent, WatchdogInput>('senses'),
    /** Receives `remedy.due` and carries it out over the bus. */
    hands: unprovidedCallback<RemedyEvent, WatchdogInput>('hands'),
    /** Starts agents whose time in quarantine is over. */
    parole: unprovidedCallback<WatchdogEvent, WatchdogInput>('parole'),
  },
  actions: {
    announceReady: sendParent(childReady),
    openEyes: enqueueActions(({ enqueue, context }) => {
      for (const agent of context.agents) {
        const { stall, step } = context;
        enqueue.spawnChild('stall', { id: `eye:${agent}`, input: { agent, stall, step } });
      }
    }),
    passSignOn: enqueueActions(({ enqueue, event }) => {
      assertEvent(event, 'agent.sensed');
      enqueue.sendTo(({ self }) => self.getSnapshot().children[`eye:${event.agent}`] ?? self, event.sign);
    }),
    carryOut: enqueueActions(({ enqueue, event }) => {
      assertEvent(event, 'remedy.due');
      enqueue.sendTo('hands', event);
    }),
  },
}).createMachine({
  id: 'watchdog',
  description: 'An eye on every agent, fed with evidence of life, and hands for what an eye demands.',
  context: ({ input }) => input,
  initial: 'watching',
  output: fromShutdown,
  states: {
    watching: {
      description:
        'Each sign goes to the eye of its agent; each remedy that an eye demands is carried out. Quarantines end when their time is over.',
      entry: ['openEyes', 'announceReady'],
      invoke: [
        { id: 'hands', src: 'hands', input: ({ context }) => context },
        { id: 'senses', src: 'senses', input: ({ context }) => context },
        { id: 'parole', src: 'parole', input: ({ context }) => context },
      ],
      on: {
        'agent.sensed': { actions: 'passSignOn' },
        'remedy.due': { actions: 'carryOut' },
        shutdown: 'stopped',
      },
    },
    stopped: { type: 'final', description: 'Ended in good order.' },
  },
});
