/** A supervision tree under a hub, with workers that do what they are told. */
import { type AnyActorRef, fromCallback, fromPromise, setup } from 'xstate';
import type { ActorChildSpec } from '../../machines/supervision/child-start.ts';
import type { SupervisorFlags } from '../../machines/supervision/supervisor-flags.ts';
import { InspectionHub } from '../../src/inspection/hub.ts';
import type { Transition } from '../../src/inspection/transition.ts';
import { findChild } from '../../src/supervision/actor-tree.ts';
import { shutDown } from '../../src/supervision/shut-down.ts';
import { startSupervisor } from '../../src/supervision/start-supervisor.ts';
import { childSpec } from '../../src/supervision/supervisor-spec.ts';
import { VirtualClock } from '../../src/supervision/virtual-clock.ts';

interface WorkerInput {
  readonly name?: string;
  readonly [key: string]: unknown;
}

/** Has a promise and a callback below it while it works, and a machine of its own on demand. */
export const workerMachine = setup({
  types: {
    context: {} as WorkerInput,
    input: {} as WorkerInput,
    events: {} as { type: string; [key: string]: unknown },
    output: {} as unknown,
  },
  actors: {
    forever: fromPromise(() => new Promise(() => undefined)),
    listening: fromCallback(() => () => undefined),
  },
  actions: {
    crash: ({ event }) => {
      throw event['error'] ?? new Error('told to crash');
    },
    nothing: () => undefined,
  },
}).createMachine({
  id: 'worker',
  context: ({ input }) => input,
  initial: 'idle',
  on: {
    crash: { actions: 'crash' },
    note: { actions: 'nothing' },
    again: { target: '#worker.idle', reenter: true },
    shutdown: '.over',
  },
  states: {
    idle: { on: { work: 'working' } },
    working: {
      initial: 'beginning',
      invoke: [
        { id: 'promise', src: 'forever' },
        { id: 'callback', src: 'listening' },
      ],
      states: { beginning: { always: 'going' }, going: {} },
      on: { rest: 'idle' },
    },
    over: { type: 'final' },
  },
});

export const worker = (id: string, input: WorkerInput = {}): ActorChildSpec =>
  childSpec({ id, start: { logic: workerMachine, input } });

/** Restarts without end, and at once. */
export const tireless: SupervisorFlags = { intensity: 1_000_000, period: 1, backoff: 'none' };

export class WatchedTree {
  readonly errors: unknown[] = [];
  readonly hub = new InspectionHub({ failed: (error) => this.errors.push(error) });
  readonly transitions: Transition[] = [];
  readonly clock = new VirtualClock();
  readonly root;

  constructor(children: readonly ActorChildSpec[], flags: SupervisorFlags = tireless) {
    this.hub.onTransition((transition) => this.transitions.push(transition));
    const { clock, hub } = this;
    this.root = startSupervisor(
      { flags, children, hooks: { now: clock.now } },
      { id: 'orchestra', clock, inspect: hub.observer },
    ).supervisor;
  }

  /** The living actor of a child, or of an actor below it. */
  child(path: string): AnyActorRef {
    const found = findChild(this.root, path);
    if (!found) throw new Error(`nobody lives at ${path}`);
    return found;
  }

  send(path: string, event: { type: string; [key: string]: unknown }): void {
    this.child(path).send(event);
  }

  /** What was told of a path since the last call, briefly: `event: from → to`. */
  told(path: string): string[] {
    const texts = this.transitions
      .filter((transition) => transition.path === path)
      .map(({ event, from, to, status }) => {
        const end = status === 'active' ? '' : ` (${status})`;
        return `${event}: ${text(from)} → ${text(to)}${end}`;
      });
    this.transitions.length = 0;
    return texts;
  }

  async end(): Promise<void> {
    const over = shutDown(this.root, 1_000, this.clock);
    await this.clock.advance(1_000);
    await over;
  }
}

function text(value: Transition['from']): string {
  if (value === null || typeof value === 'string') return String(value);
  return Object.entries(value)
    .map(([key, below]) => `${key}.${text(below)}`)
    .join(',');
}
