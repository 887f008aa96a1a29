/** One working agent under the watchdog's eye: silent for too long, it is nudged, then interrupted, then restarted. */
import { assertEvent, assign, sendParent, setup } from 'xstate';

export interface StallInput {
  agent: string;
  /** Silence after which the first step is taken, in ms. */
  stall: number;
  /** Time between the steps, in ms. */
  step: number;
}

export type StallEvent =
  /** Something happened that only a living agent brings about. */
  | { type: 'evidence.seen'; at: number }
  /** It has nothing to do any more; silence is no sign of anything. */
  | { type: 'work.ended' }
  | { type: 'work.begun'; at: number };

interface StallContext extends StallInput {
  /** When the latest evidence was seen, in ms since the epoch. */
  evidenceAt: number;
}

/** What the watchdog is told to do. */
export interface RemedyEvent {
  type: 'remedy.due';
  remedy: 'nudge' | 'interrupt' | 'restart';
  agent: string;
  evidenceAt: number;
}

export const stallMachine = setup({
  types: {
    context: {} as StallContext,
    events: {} as StallEvent,
    input: {} as StallInput,
  },
  delays: { stall: ({ context }) => context.stall, step: ({ context }) => context.step },
  actions: {
    noteEvidence: assign(({ event }) => {
      assertEvent(event, ['evidence.seen', 'work.begun']);
      return { evidenceAt: event.at };
    }),
    demandRemedy: sendParent(
      ({ context }, params: { remedy: RemedyEvent['remedy'] }): RemedyEvent => ({
        type: 'remedy.due',
        remedy: params.remedy,
        agent: context.agent,
        evidenceAt: context.evidenceAt,
      }),
    ),
  },
}).createMachine({
  id: 'stall',
  description: "One working agent under the watchdog's eye.",
  context: ({ input }) => ({ ...input, evidenceAt: 0 }),
  initial: 'resting',
  on: {
    'work.ended': '.resting',
    'work.begun': {
      target: '.lively',
      reenter: true,
      actions: 'noteEvidence',
    },
  },
  states: {
    resting: { description: 'The agent has no task.' },
    lively: {
      description: 'There was evidence of life within the stall time.',
      on: {
        'evidence.seen': { target: 'lively', reenter: true, actions: 'noteEvidence' },
      },
      after: { stall: 'silent' },
    },
    silent: {
      description: 'A step was taken; evidence ends the silence, another step follows without it.',
      initial: 'nudged',
      on: {
        'evidence.seen': { target: 'lively', actions: 'noteEvidence' },
      },
      states: {
        nudged: {
          description: 'It was told to go on.',
          entry: { type: 'demandRemedy', params: { remedy: 'nudge' } },
          after: { step: 'interrupted' },
        },
        interrupted: {
          description: 'What it was doing was broken off.',
          entry: { type: 'demandRemedy', params: { remedy: 'interrupt' } },
          after: { step: 'restarted' },
        },
        restarted: {
          description: 'Its supervisor starts it anew; work that begins again is watched from the start.',
          entry: { type: 'demandRemedy', params: { remedy: 'restart' } },
          after: { stall: 'nudged' },
        },
      },
    },
  },
});
