/** One life of one child, from its start to whatever ended it; the supervisor above decides what comes next. */
import { fromPromise, setup, type UnknownActorLogic } from 'xstate';
import type { KillCause } from './supervision/child-start.ts';
import {
  exitOf,
  type IncarnationEnd,
  type IncarnationEvent,
  type IncarnationOutput,
  type IncarnationStarted,
  type Kills,
  killId,
  killsAfter,
  startFailure,
} from './supervision/incarnation-end.ts';
import type { StartResult } from './supervision/message.ts';
import {
  type Incarnation,
  incarnationId,
  killOf,
  killsBelow,
  type PendingKill,
  sweepBelow,
} from './supervision/subtree.ts';
import { timerDelay } from './supervision/timer-delay.ts';

interface IncarnationContext extends Incarnation, Kills {
  readonly end: IncarnationEnd;
}

const runKill = fromPromise<void, PendingKill>(async ({ input: { kill, cause } }) => {
  await kill(cause);
});

/** Not narrowed to its one key: besides `runKill` a life starts whatever logic its spec names. */
const actors: Record<string, UnknownActorLogic> = { runKill };

const incarnation = setup({
  types: {
    context: {} as IncarnationContext,
    input: {} as Incarnation,
    events: {} as IncarnationEvent,
    output: {} as IncarnationOutput,
  },
  actors,
  delays: {
    startTimeout: ({ context }) => timerDelay(Number(context.spec.start.startTimeout ?? 30_000)),
    shutdownTimeout: ({ context }) => timerDelay(Number(context.spec.shutdown)),
    killTimeout: ({ context }) => Math.max(...context.pendingKills.map((kill) => kill.timeout)),
  },
  guards: {
    isReadyAtOnce: ({ context }) => context.spec.start.ready !== 'event',
    hasStartTimeout: ({ context }) => context.spec.start.startTimeout !== 'infinity',
    hasShutdownTimeout: ({ context }) => context.spec.shutdown !== 'infinity',
    hasKilled: ({ context }) => context.pendingKills.length === 0,
  },
});

const startChild = incarnation.enqueueActions(({ context, enqueue, self }) => {
  const { logic, input, systemId } = context.spec.start;
  enqueue.spawnChild(logic, {
    id: 'child',
    input: typeof input === 'function' ? input(context.birth) : input,
    ...(systemId === undefined ? {} : { systemId }),
  });
  enqueue.sendTo(self, { type: 'incarnation.booted' });
});

/**
 * Collects what has to be killed, stops every actor below and then the child, and lets the kills begin. A child that
 * crashed ended by itself: its own `kill` is not called, only those of the lives it left behind.
 */
const endSubtree = incarnation.enqueueActions(({ context, event, enqueue, self }) => {
  const { child } = self.getSnapshot().children;
  const hasCrashed = event.type === 'xstate.error.actor.child';
  const cause: KillCause = event.type === 'incarnation.kill' ? 'brutal' : 'timeout';
  const pendingKills = [...killsBelow(child), ...(hasCrashed ? [] : killOf(context, cause))];
  enqueue(() => sweepBelow(child));
  enqueue.stopChild('child');
  enqueue.assign({ pendingKills });
  for (const input of pendingKills) enqueue.spawnChild('runKill', { id: killId(input), input });
});

const announceStart = incarnation.enqueueActions(({ context, event, enqueue }) => {
  const info = event.type === 'child.ready' ? event.info : undefined;
  const result: StartResult = info === undefined ? { type: 'ok' } : { type: 'ok', info };
  const started: IncarnationStarted = { type: 'incarnation.started', pid: context.birth.pid, result };
  enqueue.sendParent(started);
});

/** Runs a child as its spec's `start` says and ends it as its `shutdown` says. Never crashes with the child. */
export const incarnationMachine = incarnation
  .extend({
    actions: {
      startChild,
      announceStart,
      requestShutdown: incarnation.sendTo('child', { type: 'shutdown' }),
      endSubtree,
      recordStartFailure: incarnation.assign(({ event }) => ({ end: startFailure(event) })),
      recordExit: incarnation.assign(({ event }) => ({ end: exitOf(event) })),
      recordKill: incarnation.assign(({ context, event }) => killsAfter(context, event)),
    },
  })
  .createMachine({
    id: incarnationId,
    description: 'One life of one supervised child, from its start to whatever ended it.',
    context: ({ input }) => ({ ...input, end: { type: 'ignored' }, pendingKills: [], failedKills: [] }),
    entry: 'startChild',
    initial: 'booting',
    states: {
      booting: {
        description: 'The child has been started and is not yet known to work; the supervisor waits.',
        initial: 'starting',
        on: {
          'child.ready': 'running',
          'xstate.done.actor.child': { target: 'over', actions: 'recordStartFailure' },
          'xstate.error.actor.child': { target: 'killing', actions: 'recordStartFailure' },
        },
        states: {
          starting: {
            description: 'Its first step is under way; an error in it would arrive before this ends.',
            on: {
              'incarnation.booted': [
                { guard: 'isReadyAtOnce', target: '#incarnation.running' },
                { guard: 'hasStartTimeout', target: 'awaitingReady' },
                { target: 'awaitingReadyWithoutLimit' },
              ],
            },
          },
          awaitingReady: {
            description: 'It has to say that it works before its time is up.',
            after: { startTimeout: { target: '#incarnation.killing', actions: 'recordStartFailure' } },
          },
          awaitingReadyWithoutLimit: { description: 'It has to say that it works, whenever that is.' },
        },
      },
      running: {
        description: 'The child works; its supervisor knows.',
        entry: 'announceStart',
        on: {
          'incarnation.stop': 'stopping',
          'incarnation.kill': { target: 'killing', actions: 'recordExit' },
          'xstate.done.actor.child': { target: 'over', actions: 'recordExit' },
          'xstate.error.actor.child': { target: 'killing', actions: 'recordExit' },
        },
      },
      stopping: {
        description: 'The child has been asked to end and cleans up.',
        entry: 'requestShutdown',
        initial: 'asking',
        on: {
          'xstate.done.actor.child': { target: 'over', actions: 'recordExit' },
          'xstate.error.actor.child': { target: 'killing', actions: 'recordExit' },
        },
        states: {
          asking: {
            description: 'How long it has is looked up.',
            always: [
              { guard: 'hasShutdownTimeout', target: 'awaitingEnd' },
              { target: 'awaitingEndWithoutLimit' },
            ],
          },
          awaitingEnd: {
            description: 'Killed when its time is up.',
            after: { shutdownTimeout: { target: '#incarnation.killing', actions: 'recordExit' } },
          },
          awaitingEndWithoutLimit: { description: 'It may take as long as it needs.' },
        },
      },
      killing: {
        description:
          'By force, or to clear up after a crash: what is left of the child is stopped and killed.',
        entry: 'endSubtree',
        always: { guard: 'hasKilled', target: 'over' },
        on: {
          'xstate.done.actor.kill.*': { actions: 'recordKill' },
          'xstate.error.actor.kill.*': { actions: 'recordKill' },
          // Thrown by an actor while it is stopped; not handled, it would end this life before its kills have.
          'xstate.error.actor.child': {},
        },
        after: { killTimeout: { target: 'over', actions: 'recordKill' } },
      },
      over: { type: 'final', description: 'The supervisor learns how it ended.' },
    },
    output: ({ context: { birth, end, failedKills } }) => ({ pid: birth.pid, end, failedKills }),
  });
