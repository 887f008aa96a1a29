/** An agent's work: it waits for an assignment, prepares, hands it to the session, sees it through and records the outcome. */
import { assertEvent, assign, type DoneActorEvent, sendParent, setup } from 'xstate';
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

/** `isUnderWay`: an earlier daemon has handed it over, and the program was left at it. */
export interface RecalledAssignment extends HeldAssignment {
  isUnderWay: boolean;
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
  | DoneActorEvent<RecalledAssignment | null, 'recallAssignment'>
  | DoneActorEvent<HeldAssignment | null, 'awaitAssignment'>
  | DoneActorEvent<boolean, 'takeOverWork'>
  | DoneActorEvent<WorkOutcome | null, 'prepareWork'>
  | DoneActorEvent<'begun' | 'broken-off', 'submitWork'>
  | DoneActorEvent<WorkOutcome | 'broken-off', 'awaitOutcome'>
  | DoneActorEvent<unknown, 'recordOutcome'>;

type WorkInput = Pick<AgentContext, 'agent' | 'assignment' | 'outcome'>;

export const agentMachine = setup({
  types: {
    context: {} as AgentContext,
    events: {} as AgentEvent,
    input: {} as AgentInput,
  },
  actors: {
    /** What an earlier life of this agent still holds, its attempt counted anew if it was begun; null for nothing. */
    recallAssignment: unprovidedPromise<RecalledAssignment | null, WorkInput>('recallAssignment'),
    /** Null for one that somebody has begun in this agent's name: it has to be recalled. */
    awaitAssignment: unprovidedPromise<HeldAssignment | null, WorkInput>('awaitAssignment'),
    /** Listens to a program that is at it already; false when the claim was lost meanwhile. */
    takeOverWork: unprovidedPromise<boolean, WorkInput>('takeOverWork'),
    /** Worktree and task file; an outcome instead when they cannot be made. */
    prepareWork: unprovidedPromise<WorkOutcome | null, WorkInput>('prepareWork'),
    /** `broken-off`, here and below: the program died or did not take the task, which costs the task an attempt. */
    submitWork: unprovidedPromise<'begun' | 'broken-off', WorkInput>('submitWork'),
    awaitOutcome: unprovidedPromise<WorkOutcome | 'broken-off', WorkInput>('awaitOutcome'),
    /** Renews the lease; sends `assignment.withdrawn` when the claim is no longer ours. */
    keepLease: unprovidedCallback<AgentEvent, WorkInput>('keepLease'),
    recordOutcome: unprovidedPromise<void, WorkInput>('recordOutcome'),
    /** In an orderly end of the daemon the claim is given back; in a restart by the supervisor it stays. */
    returnWork: unprovidedPromise<void, WorkInput>('returnWork'),
    abandonWork: unprovidedPromise<void, WorkInput>('abandonWork'),
  },
  actions: {
    announceReady: sendParent(childReady),
    takeAssignment: assign(({ event }) => {
      assertEvent(event, ['xstate.done.actor.recallAssignment', 'xstate.done.actor.awaitAssignment']);
      const { output } = event;
      return { assignment: output && { task: output.task, token: output.token }, outcome: null };
    }),
    takeOutcome: assign(({ event }) => {
      assertEvent(event, ['xstate.done.actor.prepareWork', 'xstate.done.actor.awaitOutcome']);
      const { output } = event;
      return { outcome: output === 'broken-off' ? null : output };
    }),
    forgetAssignment: assign({ assignment: null, outcome: null }),
  },
  guards: {
    isAssignmentRecalled: ({ event }) => {
      assertEvent(event, 'xstate.done.actor.recallAssignment');
      return event.output !== null;
    },
    isUnderWay: ({ event }) => {
      assertEvent(event, 'xstate.done.actor.recallAssignment');
      return event.output?.isUnderWay === true;
    },
    isAssignmentFresh: ({ event }) => {
      assertEvent(event, 'xstate.done.actor.awaitAssignment');
      return event.output !== null;
    },
    isStillHeld: ({ event }) => {
      assertEvent(event, 'xstate.done.actor.takeOverWork');
      return event.output;
    },
    isBrokenOff: ({ event }) => {
      assertEvent(event, ['xstate.done.actor.submitWork', 'xstate.done.actor.awaitOutcome']);
      return event.output === 'broken-off';
    },
    isDecidedBeforehand: ({ event }) => {
      assertEvent(event, 'xstate.done.actor.prepareWork');
      return event.output !== null;
    },
  },
}).createMachine({
  id: 'agent',
  description: 'An agent at work: from an assignment to its recorded outcome, again and again.',
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
        id: 'recallAssignment',
        src: 'recallAssignment',
        input: ({ context }) => context,
        onDone: [
          { guard: 'isUnderWay', target: 'working.takingOver', actions: 'takeAssignment' },
          { guard: 'isAssignmentRecalled', target: 'working', actions: 'takeAssignment' },
          { target: 'idle' },
        ],
      },
    },
    idle: {
      description: 'Free; the scheduler may assign a stage to it.',
      invoke: {
        id: 'awaitAssignment',
        src: 'awaitAssignment',
        input: ({ context }) => context,
        onDone: [
          { guard: 'isAssignmentFresh', target: 'working', actions: 'takeAssignment' },
          { target: 'recalling' },
        ],
      },
    },
    working: {
      description: 'Holds a stage of a task under a lease.',
      invoke: { id: 'keepLease', src: 'keepLease', input: ({ context }) => context },
      on: { shutdown: 'returning' },
      initial: 'preparing',
      states: {
        takingOver: {
          description: 'The program was left at work by an earlier daemon; nothing is said to it.',
          on: { 'assignment.withdrawn': '#agent.abandoning' },
          invoke: {
            id: 'takeOverWork',
            src: 'takeOverWork',
            input: ({ context }) => context,
            onDone: [{ guard: 'isStillHeld', target: 'performing' }, { target: '#agent.abandoning' }],
          },
        },
        preparing: {
          description: 'Makes the worktree and writes down the task.',
          on: { 'assignment.withdrawn': '#agent.abandoning' },
          invoke: {
            id: 'prepareWork',
            src: 'prepareWork',
            input: ({ context }) => context,
            onDone: [
              { guard: 'isDecidedBeforehand', target: 'recording', actions: 'takeOutcome' },
              { target: 'submitting' },
            ],
          },
        },
        submitting: {
          description: 'Hands the task to the program until it is seen to be accepted.',
          on: { 'assignment.withdrawn': '#agent.abandoning' },
          invoke: {
            id: 'submitWork',
            src: 'submitWork',
            input: ({ context }) => context,
            onDone: [{ guard: 'isBrokenOff', target: '#agent.recalling' }, { target: 'performing' }],
          },
        },
        performing: {
          description: 'The program works; it ends by a report or by its exit status.',
          on: { 'assignment.withdrawn': '#agent.abandoning' },
          invoke: {
            id: 'awaitOutcome',
            src: 'awaitOutcome',
            input: ({ context }) => context,
            onDone: [
              { guard: 'isBrokenOff', target: '#agent.recalling' },
              { target: 'recording', actions: 'takeOutcome' },
            ],
          },
        },
        recording: {
          description:
            'Checks the result and stores it under the fencing token; asked to end, it does that first.',
          invoke: { id: 'recordOutcome', src: 'recordOutcome', input: ({ context }) => context },
          initial: 'going',
          states: {
            going: {
              description: 'The next assignment follows.',
              on: { shutdown: 'ending', 'xstate.done.actor.recordOutcome': '#agent.recalling' },
            },
            ending: {
              description: 'Asked to end meanwhile: nothing follows.',
              on: { 'xstate.done.actor.recordOutcome': '#agent.stopped' },
            },
          },
        },
      },
    },
    abandoning: {
      description: 'The claim is lost: the program is stopped and nothing of it counts any more.',
      invoke: { id: 'abandonWork', src: 'abandonWork', input: ({ context }) => context, onDone: 'recalling' },
    },
    returning: {
      description: 'Asked to end in the middle of its work.',
      invoke: { id: 'returnWork', src: 'returnWork', input: ({ context }) => context, onDone: 'stopped' },
    },
    stopped: { type: 'final', description: 'Ended in good order.' },
  },
});
