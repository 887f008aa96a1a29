/** The OTP core as an actor: every event is a message to it, every command of it an XState action. */
import { type ActorRefFrom, setup } from 'xstate';
import { childReady } from './child-contract.ts';
import { incarnationMachine } from './incarnation.machine.ts';
import { backoffDelay } from './supervision/backoff.ts';
import type { ActorChildSpec, Birth, ChildStart } from './supervision/child-start.ts';
import type { Command, Report } from './supervision/command.ts';
import { type ExitReason, ignore } from './supervision/exit-reason.ts';
import { defaultHooks, type KillFailure, type SupervisorHooks } from './supervision/hooks.ts';
import type { Reply } from './supervision/message.ts';
import { step } from './supervision/step.ts';
import { messageOf, type SupervisorEvent } from './supervision/supervisor-event.ts';
import type { SupervisorFlags } from './supervision/supervisor-flags.ts';
import { initialState, type SupervisorState } from './supervision/supervisor-state.ts';

/** What a supervisor is made of. */
export interface SupervisorInput {
  readonly flags: SupervisorFlags;
  /** In start order; or `ignore`: it declines to run, as OTP's `init/1` may. */
  readonly children: readonly ActorChildSpec[] | typeof ignore;
  /** Those of the supervisor above, unless given. */
  readonly hooks?: Partial<SupervisorHooks>;
  /** Only for a supervisor that is itself a child. */
  readonly birth?: Birth;
}

interface SupervisorContext {
  readonly state: SupervisorState<ChildStart>;
  readonly hooks: SupervisorHooks;
  readonly birth: Birth | null;
  /** When the restarts that wait for their time are due, in monotonic milliseconds, by token. For looking only. */
  readonly retries: Readonly<Record<number, number>>;
  /** The start that waits for the event loop's next turn; the core waits for its answer, so there is at most one. */
  readonly deferred: StartCommand | null;
}

type StartCommand = Extract<Command<ChildStart>, { type: 'child.start' }>;

/**
 * Restarts within the period that may follow each other at once. XState's sends are synchronous: without backoff a child
 * that fails over and over would hold the event loop until the intensity is used up.
 */
const restartsAtOnce = 10;

/** The answer to a `supervisor.call`, emitted to whoever listens for its correlation. */
interface SupervisorReplied {
  readonly type: 'supervisor.replied';
  readonly reply: Reply<ChildStart>;
}

const supervisor = setup({
  types: {
    context: {} as SupervisorContext,
    input: {} as SupervisorInput,
    events: {} as SupervisorEvent,
    emitted: {} as SupervisorReplied,
    output: {} as ExitReason | typeof ignore,
  },
  actors: { incarnation: incarnationMachine },
  guards: {
    isRunning: ({ context }) => context.state.phase === 'running',
    isTerminating: ({ context }) => context.state.phase === 'terminating',
    isTerminated: ({ context }) => context.state.phase === 'terminated',
    isBusy: ({ context }) => context.state.job !== null,
    isIdle: ({ context }) => context.state.job === null,
  },
});

type Enqueue = Parameters<Parameters<typeof supervisor.enqueueActions>[0]>[0]['enqueue'];

const receive = supervisor.enqueueActions(({ context, event, enqueue }) => {
  if (event.type === 'start.due') return;
  const { state, commands } = step(context.state, messageOf(event), context.hooks.now());
  enqueue.assign({ state });
  if (event.type === 'restart.due') forgetRetry(event.token, enqueue);
  const isStorm = state.restarts.length > restartsAtOnce;
  for (const command of commands) {
    if (isStorm && command.type === 'child.start') deferStart(command, enqueue);
    else carryOut(command, context, enqueue);
  }
});

function deferStart(command: StartCommand, enqueue: Enqueue): void {
  enqueue.assign({ deferred: command });
  enqueue.raise({ type: 'start.due' }, { delay: 0 });
}

const startDeferred = supervisor.enqueueActions(({ context, enqueue }) => {
  if (context.deferred) carryOut(context.deferred, context, enqueue);
  enqueue.assign({ deferred: null });
});

function carryOut(command: Command<ChildStart>, context: SupervisorContext, enqueue: Enqueue): void {
  switch (command.type) {
    case 'child.start': {
      const { spec, pid, args } = command;
      const { birth, hooks } = context;
      const path = birth ? `${birth.path}/${spec.id}` : spec.id;
      const input = { spec, birth: { id: spec.id, pid, path, args, hooks } };
      enqueue.spawnChild('incarnation', { id: pid, input });
      break;
    }
    case 'child.stop':
      enqueue.sendTo<ActorRefFrom<typeof incarnationMachine>>(command.pid, {
        type: command.brutal ? 'incarnation.kill' : 'incarnation.stop',
      });
      break;
    case 'restart.schedule': {
      const { id, token, failures } = command;
      const { backoff } = context.state.flags;
      const delay = backoff ? backoffDelay(backoff, failures, context.hooks.random()) : 0;
      enqueue.raise({ type: 'restart.due', id, token }, { delay, id: timerId(token) });
      const due = context.hooks.now() + delay;
      enqueue.assign({ retries: ({ context: { retries } }) => ({ ...retries, [token]: due }) });
      break;
    }
    case 'restart.cancel':
      enqueue.cancel(timerId(command.token));
      forgetRetry(command.token, enqueue);
      break;
    case 'reply':
      enqueue.emit({ type: 'supervisor.replied', reply: command.reply });
      break;
    case 'report':
      enqueue(() => report(context, command.report));
      break;
    case 'initialized':
      if (context.birth) enqueue.sendParent(childReady);
      break;
  }
}

function forgetRetry(token: number, enqueue: Enqueue): void {
  enqueue.assign({
    retries: ({ context: { retries } }) => {
      const { [token]: _, ...others } = retries;
      return others;
    },
  });
}

function timerId(token: number): string {
  return `restart:${token}`;
}

function report({ birth, hooks }: SupervisorContext, event: Report | KillFailure): void {
  try {
    hooks.report({ ...event, supervisor: birth?.path ?? '' });
  } catch {
    // Dropped on purpose: thrown on, it would end this supervisor, and with it all it looks after.
  }
}

/** An OTP supervisor. Obeys the child contract itself, so that it nests as a child of type `supervisor`. */
export const supervisorMachine = supervisor
  .extend({
    actions: {
      receive,
      startDeferred,
      reportFailedKills: ({ context, event }) => {
        if (!('output' in event)) return;
        for (const failure of event.output.failedKills)
          report(context, { report: 'kill_failed', ...failure });
      },
      reap: supervisor.enqueueActions(({ event, enqueue }) => {
        if ('actorId' in event) enqueue.stopChild(event.actorId);
      }),
    },
  })
  .createMachine({
    id: 'supervisor',
    description: 'An OTP supervisor: starts its children in order, restarts them, ends them in reverse.',
    context: ({ input: { flags, children, hooks, birth } }) => ({
      state: initialState(flags, children),
      hooks: { ...(birth?.hooks ?? defaultHooks), ...hooks },
      birth: birth ?? null,
      retries: {},
      deferred: null,
    }),
    entry: 'receive',
    on: {
      shutdown: { actions: 'receive' },
      'supervisor.call': { actions: 'receive' },
      'supervisor.suspend': { actions: 'receive' },
      'supervisor.resume': { actions: 'receive' },
      'restart.due': { actions: 'receive' },
      'start.due': { actions: 'startDeferred' },
      'incarnation.started': { actions: 'receive' },
      'xstate.done.actor.*': { actions: ['reportFailedKills', 'reap', 'receive'] },
      'xstate.error.actor.*': { actions: ['reap', 'receive'] },
    },
    initial: 'initializing',
    states: {
      initializing: {
        description: 'The first children are being started, in order.',
        always: [
          { guard: 'isRunning', target: 'running' },
          { guard: 'isTerminating', target: 'terminating' },
          { guard: 'isTerminated', target: 'terminated' },
        ],
      },
      running: {
        description: 'The children that are to run are running or being restarted.',
        initial: 'idle',
        always: [
          { guard: 'isTerminating', target: 'terminating' },
          { guard: 'isTerminated', target: 'terminated' },
        ],
        states: {
          idle: {
            description: 'Nothing is under way; the next letter is taken as it comes.',
            always: { guard: 'isBusy', target: 'busy' },
          },
          busy: {
            description: 'In the middle of a restart or a call; letters wait in the mailbox.',
            always: { guard: 'isIdle', target: 'idle' },
          },
        },
      },
      terminating: {
        description: 'The children are being ended, the youngest first.',
        always: { guard: 'isTerminated', target: 'terminated' },
      },
      terminated: { type: 'final', description: 'Ended, by request or because a restart was one too many.' },
    },
    output: ({ context }) => context.state.exit ?? ignore,
  });

/** A running supervisor, as those see it who call it or look at it. */
export type SupervisorRef = ActorRefFrom<typeof supervisorMachine>;
