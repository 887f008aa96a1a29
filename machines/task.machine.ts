/** One issue's life as a statechart: waiting for an agent, assigned, worked on, stage by stage, until it is done. */
import { assertEvent, assign, setup } from 'xstate';

/** What an agent holds while it works on a stage; `leaseUntil` is in milliseconds since the epoch. */
export interface Claim {
  agent: string;
  node: string;
  leaseUntil: number;
}

export type StageOutcome = 'done' | 'failed' | 'blocked';

/** One finished try at one stage. */
export interface StageResult {
  stage: string;
  agent: string;
  token: number;
  outcome: StageOutcome | 'released';
  summary: string;
  at: string;
  /** What the worktree's HEAD was when it was done: only this is ever pushed. */
  commit?: string | undefined;
}

export interface TaskContext {
  /** The stages, a role each, in order. */
  flow: string[];
  stageIndex: number;
  /** Fencing token: grows with every claim; whoever acts with an older one is refused. */
  token: number;
  /** Tries at this stage so far, the present one included. */
  attempts: number;
  maxAttempts: number;
  claim: Claim | null;
  /** Why it failed or is blocked; what the last try left to tell the next. */
  reason: string;
  /** Of the last try: what its program printed last and how it ended; empty when there is none. */
  evidence: string;
  /** The latest results, oldest first, at most 40. */
  history: StageResult[];
}

export type TaskEvent =
  | { type: 'claim'; agent: string; node: string; leaseUntil: number }
  | { type: 'accept'; token: number }
  | { type: 'renew'; token: number; leaseUntil: number }
  /** Begun again after a crash; `attempt` is the one that crashed, so that it is counted once. */
  | {
      type: 'restart';
      token: number;
      attempt: number;
      leaseUntil: number;
      reason: string;
      evidence?: string | undefined;
    }
  /** Taken from its holder; `isForgiven`: not for a fault of the try, which does not count then. */
  | {
      type: 'release';
      token: number;
      reason: string;
      at: string;
      evidence?: string | undefined;
      isForgiven?: boolean;
    }
  /** Given back in good order, as when the daemon goes down: the try does not count. */
  | { type: 'return'; token: number }
  | {
      type: 'finish';
      token: number;
      outcome: StageOutcome;
      summary: string;
      at: string;
      commit?: string | undefined;
      evidence?: string | undefined;
    }
  | { type: 'retry' }
  | { type: 'close' }
  | { type: 'reopen' };

export interface TaskInput {
  flow: string[];
  stageIndex?: number;
  maxAttempts: number;
}

const historyLimit = 40;

export const taskMachine = setup({
  types: {
    context: {} as TaskContext,
    events: {} as TaskEvent,
    input: {} as TaskInput,
  },
  guards: {
    isHolder: ({ context, event }) =>
      'token' in event && context.claim !== null && event.token === context.token,
    isHolderWithoutAttempts: ({ context, event }) =>
      'token' in event && event.token === context.token && context.attempts >= context.maxAttempts,
    isHolderForgiven: ({ context, event }) =>
      event.type === 'release' && event.token === context.token && event.isForgiven === true,
    isTryCrashed: ({ context, event }) =>
      event.type === 'restart' && event.token === context.token && event.attempt === context.attempts,
    isLastTryCrashed: ({ context, event }) =>
      event.type === 'restart' &&
      event.token === context.token &&
      event.attempt === context.attempts &&
      context.attempts >= context.maxAttempts,
    isHolderDoneAtLastStage: ({ context, event }) =>
      event.type === 'finish' &&
      event.token === context.token &&
      event.outcome === 'done' &&
      context.stageIndex >= context.flow.length - 1,
    isHolderDone: ({ context, event }) =>
      event.type === 'finish' && event.token === context.token && event.outcome === 'done',
    isHolderBlocked: ({ context, event }) =>
      event.type === 'finish' && event.token === context.token && event.outcome === 'blocked',
  },
  actions: {
    takeClaim: assign(({ context, event }) => {
      assertEvent(event, 'claim');
      const { agent, node, leaseUntil } = event;
      return { claim: { agent, node, leaseUntil }, token: context.token + 1, attempts: context.attempts + 1 };
    }),
    renewLease: assign(({ context, event }) => {
      assertEvent(event, ['renew', 'restart']);
      return { claim: context.claim && { ...context.claim, leaseUntil: event.leaseUntil } };
    }),
    countAttempt: assign(({ context, event }) => {
      assertEvent(event, 'restart');
      return { attempts: context.attempts + 1, reason: event.reason, evidence: event.evidence ?? '' };
    }),
    recordResult: assign(({ context, event }) => {
      assertEvent(event, ['finish', 'release']);
      const result: StageResult = {
        stage: context.flow[context.stageIndex] ?? '',
        agent: context.claim?.agent ?? '',
        token: context.token,
        outcome: event.type === 'finish' ? event.outcome : 'released',
        summary: event.type === 'finish' ? event.summary : event.reason,
        at: event.at,
        ...(event.type === 'finish' && event.commit !== undefined && { commit: event.commit }),
      };
      return {
        history: [...context.history, result].slice(-historyLimit),
        reason: result.summary,
        evidence: event.evidence ?? '',
      };
    }),
    uncountAttempt: assign(({ context }) => ({ attempts: Math.max(context.attempts - 1, 0) })),
    recordExhaustion: assign(({ event }) => {
      assertEvent(event, 'restart');
      return { reason: event.reason, evidence: event.evidence ?? '' };
    }),
    dropClaim: assign({ claim: null }),
    enterNextStage: assign(({ context }) => ({
      stageIndex: context.stageIndex + 1,
      attempts: 0,
      reason: '',
      evidence: '',
    })),
    forgetAttempts: assign({ attempts: 0, reason: '', evidence: '' }),
    enterFirstStage: assign({ stageIndex: 0, attempts: 0, reason: '', evidence: '' }),
  },
}).createMachine({
  id: 'task',
  description: "One issue's life, stage by stage, until it is done.",
  context: ({ input }) => ({
    flow: input.flow,
    stageIndex: input.stageIndex ?? 0,
    token: 0,
    attempts: 0,
    maxAttempts: input.maxAttempts,
    claim: null,
    reason: '',
    evidence: '',
    history: [],
  }),
  initial: 'waiting',
  states: {
    waiting: {
      description: 'Nobody works on it; it may be claimed once its blockers are done.',
      on: {
        claim: { target: 'claimed', actions: 'takeClaim' },
        close: 'closed',
      },
    },
    claimed: {
      description: 'One agent holds it by a lease; only the holder of the newest token is heard.',
      initial: 'assigned',
      states: {
        assigned: {
          description: 'Given to the agent, not yet seen to be accepted.',
          on: { accept: { guard: 'isHolder', target: 'working' } },
        },
        working: { description: 'The agent has accepted and works.' },
      },
      on: {
        renew: { guard: 'isHolder', actions: 'renewLease' },
        restart: [
          { guard: 'isLastTryCrashed', target: 'failed', actions: ['recordExhaustion', 'dropClaim'] },
          { guard: 'isTryCrashed', target: '.assigned', actions: ['renewLease', 'countAttempt'] },
        ],
        finish: [
          {
            guard: 'isHolderDoneAtLastStage',
            target: 'done',
            actions: ['recordResult', 'dropClaim', 'enterNextStage'],
          },
          {
            guard: 'isHolderDone',
            target: 'waiting',
            actions: ['recordResult', 'dropClaim', 'enterNextStage'],
          },
          { guard: 'isHolderBlocked', target: 'blocked', actions: ['recordResult', 'dropClaim'] },
          { guard: 'isHolderWithoutAttempts', target: 'failed', actions: ['recordResult', 'dropClaim'] },
          { guard: 'isHolder', target: 'waiting', actions: ['recordResult', 'dropClaim'] },
        ],
        release: [
          {
            guard: 'isHolderForgiven',
            target: 'waiting',
            actions: ['recordResult', 'dropClaim', 'uncountAttempt'],
          },
          { guard: 'isHolderWithoutAttempts', target: 'failed', actions: ['recordResult', 'dropClaim'] },
          { guard: 'isHolder', target: 'waiting', actions: ['recordResult', 'dropClaim'] },
        ],
        return: { guard: 'isHolder', target: 'waiting', actions: ['dropClaim', 'uncountAttempt'] },
        close: { target: 'closed', actions: 'dropClaim' },
      },
    },
    blocked: {
      description: 'The agent says that it cannot go on without a person.',
      on: { retry: { target: 'waiting', actions: 'forgetAttempts' }, close: 'closed' },
    },
    failed: {
      description: 'Every attempt is used up; a person decides.',
      on: { retry: { target: 'waiting', actions: 'forgetAttempts' }, close: 'closed' },
    },
    done: {
      description: 'Every stage is done.',
      on: { reopen: { target: 'waiting', actions: 'enterFirstStage' } },
    },
    closed: {
      description: 'Closed in the tracker by somebody else before it was done.',
      on: { reopen: { target: 'waiting', actions: 'forgetAttempts' } },
    },
  },
});
