/** An agent's work: it waits for an assignment, prepares, hands it to the session, sees it through and records the outcome. */
import { assign, type DoneActorEvent, sendParent, setup } from 'xstate';
import { childReady, fromShutdown, type ShutdownEvent } from './child-contract.ts';
import { unprovidedCallback, unprovidedPromise } from './unprovided.ts';

export interface AgentInput {
  agent: string;
}

/** A claimed stage of a task; `token` fences everything that is done in its name. */
export interface HeldAssignment {
  task: string;
  token: number;
}

/** How a try at a stage ended. */
export interface WorkOutcome {
  outcome: 'done' | 'failed' | 'blocked';
  note: string;
}

interface AgentContext {
  agent: string;
  assignment: HeldAssignment | null;
  outcome: WorkOutcome | null;
}

export type AgentEvent =
  | ShutdownEvent
  | { type: 'assignment.withdrawn'; reason: string }
  | DoneActorEvent<unknown, 'record'>;

type WorkInput = Pick<AgentContext, 'agent' | 'assignment' | 'outcome'>;

export const agentMachine = setup({
  types: {
    context: {} as AgentContext,
    events: {} as AgentEvent,
    input: {} as AgentInput,
  },
  actors: {
    /** What an earlier life of this agent still holds, its attempt counted anew; null for nothing. */
    recallAssignment: unprovidedPromise<HeldAssignment | null, WorkInput>('recallAssignment'),
    awaitAssignment: unprovidedPromise<HeldAssignment, WorkInput>('awaitAssignment'),
    /** Worktree and task file; an outcome instead when they cannot be made. */
    prepareWork: unprovidedPromise<WorkOutcome | null, WorkInput>('prepareWork'),
    submitWork: unprovidedPromise<void, WorkInput>('submitWork'),
    awaitOutcome: unprovidedPromise<WorkOutcome, WorkInput>('awaitOutcome'),
    /** Renews the lease; sends `assignment.withdrawn` when the claim is no longer ours. */
    keepLease: unprovidedCallback<AgentEvent, WorkInput>('keepLease'),
    recordOutcome: unprovidedPromise<void, WorkInput>('recordOutcome'),
    /** In an orderly end of the daemon the claim is given back; in a restart by the supervisor it stays. */
    returnWork: unprovidedPromise<void, WorkInput>('returnWork'),
    abandonWork: unprovidedPromise<void, WorkInput>('abandonWork'),
  },
  actions: {
    announceReady: sendParent(childReady),
    takeAssignment: assign((_, assignment: HeldAssignment | null) => ({ assignment, outcome: null })),
    takeOutcome: assign((_, outcome: WorkOutcome | null) => ({ outcome })),
    forgetAssignment: assign({ assignment: null, outcome: null }),
  },
  guards: {
    hasAssignment: (_, assignment: HeldAssignment | null) => assignment !== null,
    hasOutcome: (_, outcome: WorkOutcome | null) => outcome !== null,
  },
}).createMachine({
  id: 'agent',
  context: ({ input }) => ({ agent: input.agent, assignment: null, outcome: null }),
  initial: 'recalling',
  entry: 'announceReady',
  output: fromShutdown,
  on: { shutdown: '.stopped' },
  states: {
    recalling: {
      description: 'Looks for an assignment that it held before it was restarted.',
      entry: 'forgetAssignment',
      invoke: {
        src: 'recallAssignment',
        input: ({ context }) => context,
        onDone: [
          {
            guard: { type: 'hasAssignment', params: ({ event }) => event.output },
            target: 'working',
            actions: { type: 'takeAssignment', params: ({ event }) => event.output },
          },
          { target: 'idle' },
        ],
      },
    },
    idle: {
      description: 'Free; the scheduler may assign a stage to it.',
      invoke: {
        src: 'awaitAssignment',
        input: ({ context }) => context,
        onDone: {
          target: 'working',
          actions: { type: 'takeAssignment', params: ({ event }) => event.output },
        },
      },
    },
    working: {
      description: 'Holds a stage of a task under a lease.',
      invoke: { src: 'keepLease', input: ({ context }) => context },
      on: { shutdown: 'returning' },
      initial: 'preparing',
      states: {
        preparing: {
          description: 'Makes the worktree and writes down the task.',
          on: { 'assignment.withdrawn': '#agent.abandoning' },
          invoke: {
            src: 'prepareWork',
            input: ({ context }) => context,
            onDone: [
              {
                guard: { type: 'hasOutcome', params: ({ event }) => event.output },
                target: 'recording',
                actions: { type: 'takeOutcome', params: ({ event }) => event.output },
              },
              { target: 'submitting' },
            ],
          },
        },
        submitting: {
          description: 'Hands the task to the program until it is seen to be accepted.',
          on: { 'assignment.withdrawn': '#agent.abandoning' },
          invoke: { src: 'submitWork', input: ({ context }) => context, onDone: 'performing' },
        },
        performing: {
          description: 'The program works; it ends by a report or by its exit status.',
          on: { 'assignment.withdrawn': '#agent.abandoning' },
          invoke: {
            src: 'awaitOutcome',
            input: ({ context }) => context,
            onDone: {
              target: 'recording',
              actions: { type: 'takeOutcome', params: ({ event }) => event.output },
            },
          },
        },
        recording: {
          description:
            'Checks the result and stores it under the fencing token; asked to end, it does that first.',
          invoke: { id: 'record', src: 'recordOutcome', input: ({ context }) => context },
          initial: 'going',
          states: {
            going: { on: { shutdown: 'ending', 'xstate.done.actor.record': '#agent.recalling' } },
            ending: { on: { 'xstate.done.actor.record': '#agent.stopped' } },
          },
        },
      },
    },
    abandoning: {
      description: 'The claim is lost: the program is stopped and nothing of it counts any more.',
      invoke: { src: 'abandonWork', input: ({ context }) => context, onDone: 'recalling' },
    },
    returning: {
      description: 'Asked to end in the middle of its work.',
      invoke: { src: 'returnWork', input: ({ context }) => context, onDone: 'stopped' },
    },
    stopped: { type: 'final' },
  },
});
