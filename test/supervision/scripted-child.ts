/** A supervised machine that plays the part a scenario has written for it. */
import { assign, fromCallback, setup } from 'xstate';
import { type ExitReason, ignore, isAbnormal, shutdown } from '../../machines/supervision/exit-reason.ts';
import type { Script } from './corpus.ts';
import { reasonFrom, reasonWord } from './otp-words.ts';
import { failureOf, fateOf } from './replay.ts';

/** Where a scripted child notes its starts and its end. */
export interface Diary {
  readonly started: (pid: string, outcome: string) => void;
  readonly ended: (pid: string, reason: ExitReason) => void;
}

/** A child's part in a scenario. */
export interface Role {
  readonly script: Script;
  readonly pid: string;
  readonly life: number;
  readonly diary: Diary;
}

/** Ended from outside it would end as `killed`; its own end or crash is noted by the one who causes it. */
const presence = fromCallback<{ type: 'none' }, Role>(({ input: { diary, pid } }) => {
  return () => diary.ended(pid, { kind: 'killed' });
});

/** Does what its script says, start by start; its faults are exceptions. */
export const scriptedChild = setup({
  types: {
    context: {} as Role & { reason: ExitReason | null },
    input: {} as Role,
    events: {} as { type: 'shutdown' } | { type: 'end'; reason: ExitReason },
    output: {} as ExitReason | typeof ignore,
  },
  actors: { presence },
  actions: {
    begin: ({ context: { script, pid, life, diary } }) => {
      const fate = fateOf(script, life);
      diary.started(pid, fate === 'throw' ? 'error' : fate);
      if (fate === 'error' || fate === 'throw') throw failureOf(fate);
    },
    crash: ({ context }, { reason }: { reason: ExitReason }) => {
      context.diary.ended(context.pid, reason);
      throw new Error(reasonWord(reason));
    },
    note: assign((_, { reason }: { reason: ExitReason }) => ({ reason })),
    noteEnd: ({ context }) => context.diary.ended(context.pid, context.reason ?? shutdown),
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
function farewell({ on_shutdown: wish }: Script): ExitReason {
  return typeof wish === 'object' ? reasonFrom(wish.exit) : shutdown;
}
