/** A supervised machine that plays the part a scenario has written for it. */
import { assign, enqueueActions, fromCallback, sendParent, setup } from 'xstate';
import { childReady } from '../../../machines/child-contract.ts';
import {
  crashed,
  type ExitReason,
  ignore,
  isAbnormal,
  killed,
  shutdown,
} from '../../../machines/supervision/exit-reason.ts';
import type { Chronicle, Life } from './chronicle.ts';
import { reasonFrom, reasonWord } from './otp-words.ts';
import type { Script } from './scenario.ts';
import { failureOf, fateOf } from './script-spec.ts';

/** A child's part in a scenario. */
export interface Role {
  readonly script: Script;
  readonly life: Life;
  /** Where it notes its start and its end. */
  readonly chronicle: Chronicle;
  /** Whether its supervisor waits until it says that it is ready. */
  readonly ready: 'sync' | 'event';
}

type RoleEvent = { type: 'shutdown' } | { type: 'end'; reason: ExitReason };

/** Ended from outside it would end as `killed`; its own end or crash is noted by the one who causes it. */
const presence = fromCallback<{ type: 'none' }, Role>(({ input: { chronicle, life } }) => {
  return () => chronicle.ended(life, killed);
});

/** Does what its script says, start by start; its faults are exceptions. */
export const scriptedChild = setup({
  types: {
    context: {} as Role & { reason: ExitReason | null },
    input: {} as Role,
    events: {} as RoleEvent,
    output: {} as ExitReason | typeof ignore,
  },
  actors: { presence },
  actions: {
    begin: ({ context: { script, life, chronicle } }) => {
      const fate = fateOf(script, life);
      const hasFailed = fate === 'error' || fate === 'throw';
      chronicle.started(life, hasFailed ? 'error' : fate === 'ignore' ? fate : 'ok');
      if (hasFailed) throw failureOf(fate);
    },
    announceReady: enqueueActions(({ context: { script, life, ready }, enqueue, self }) => {
      const fate = fateOf(script, life);
      if (ready === 'event')
        enqueue(sendParent(fate === 'info' ? { ...childReady, info: fate } : childReady));
      if (fate === 'dies') enqueue.sendTo(self, { type: 'end', reason: crashed('crash') });
    }),
    crash: ({ context: { chronicle, life } }, { reason }: { reason: ExitReason }) => {
      chronicle.ended(life, reason);
      throw new Error(reasonWord(reason));
    },
    note: assign((_, { reason }: { reason: ExitReason }) => ({ reason })),
    noteEnd: ({ context: { chronicle, life, reason } }) => chronicle.ended(life, reason ?? shutdown),
  },
  guards: {
    declines: ({ context: { script, life } }) => fateOf(script, life) === 'ignore',
    isFault: (_, { reason }: { reason: ExitReason }) => isAbnormal(reason),
    hangs: ({ context }) => context.script.on_shutdown === 'hang',
  },
}).createMachine({
  id: 'scriptedChild',
  context: ({ input }) => ({ ...input, reason: null }),
  entry: 'begin',
  initial: 'starting',
  states: {
    starting: { always: [{ guard: 'declines', target: 'declined' }, { target: 'running' }] },
    running: {
      entry: 'announceReady',
      invoke: { src: 'presence', input: ({ context }) => context },
      on: {
        end: [
          {
            guard: { type: 'isFault', params: ({ event }) => event },
            actions: { type: 'crash', params: ({ event }) => event },
          },
          { target: 'ended', actions: { type: 'note', params: ({ event }) => event } },
        ],
        shutdown: [
          { guard: 'hangs' },
          {
            guard: { type: 'isFault', params: ({ context }) => ({ reason: farewell(context.script) }) },
            actions: { type: 'crash', params: ({ context }) => ({ reason: farewell(context.script) }) },
          },
          {
            target: 'ended',
            actions: { type: 'note', params: ({ context }) => ({ reason: farewell(context.script) }) },
          },
        ],
      },
    },
    ended: { type: 'final', entry: 'noteEnd' },
    declined: { type: 'final' },
  },
  output: ({ context }) => context.reason ?? ignore,
});

/** What a child that is asked to end ends with. */
function farewell({ on_shutdown: wish = 'shutdown' }: Script): ExitReason {
  return reasonFrom(wish);
}
