/** A supervision tree on virtual time, with workers that note when they start and end. */
import { assign, enqueueActions, fromCallback, sendParent, setup } from 'xstate';
import type { ActorChildSpec, ChildStart } from '../../machines/supervision/child-start.ts';
import { type ExitReason, normal, shutdown } from '../../machines/supervision/exit-reason.ts';
import type { SupervisorHooks, SupervisorReport } from '../../machines/supervision/hooks.ts';
import type { SupervisorFlags } from '../../machines/supervision/supervisor-flags.ts';
import type { SupervisorRef } from '../../machines/supervisor.machine.ts';
import { findChild, findSupervisor } from '../../src/supervision/actor-tree.ts';
import { type RootSupervisor, startSupervisor } from '../../src/supervision/start-supervisor.ts';
import { childSpec } from '../../src/supervision/supervisor-spec.ts';
import { VirtualClock } from '../../src/supervision/virtual-clock.ts';

/** What a worker does of its own accord; times in milliseconds. */
interface Habits {
  /** Crashes so long after each start. */
  readonly crashAfter?: number;
  /** Ends normally so long after each start. */
  readonly endAfter?: number;
  /** Says that it is ready so long after its start. */
  readonly readyAfter?: number;
  /** Takes so long to clean up; `for ever` if it does not answer at all. Default none. */
  readonly drain?: number | 'for ever';
}

interface WorkerInput {
  readonly name: string;
  readonly habits: Habits;
  readonly note: (text: string) => void;
}

type WorkerEvent = { type: 'shutdown' } | { type: 'crash' } | { type: 'end' } | { type: 'ready' };

/** Its end is that of an actor of its own: whatever ends the worker must end that too. */
const presence = fromCallback<{ type: 'none' }, WorkerInput>(({ input: { name, note } }) => {
  note(`+${name}`);
  return () => note(`-${name}`);
});

const workerMachine = setup({
  types: {
    context: {} as WorkerInput & { reason: ExitReason },
    input: {} as WorkerInput,
    events: {} as WorkerEvent,
    output: {} as ExitReason,
  },
  actors: { presence },
  actions: {
    scheduleHabits: enqueueActions(({ context: { habits }, enqueue }) => {
      const { crashAfter, endAfter, readyAfter } = habits;
      if (crashAfter !== undefined) enqueue.raise({ type: 'crash' }, { delay: crashAfter });
      if (endAfter !== undefined) enqueue.raise({ type: 'end' }, { delay: endAfter });
      if (readyAfter !== undefined) enqueue.raise({ type: 'ready' }, { delay: readyAfter });
    }),
    crash: () => {
      throw new Error('crash');
    },
    endNormally: assign({ reason: normal }),
    announceReady: sendParent({ type: 'child.ready', info: 'here' }),
  },
  delays: { drain: ({ context }) => Number(context.habits.drain ?? 0) },
  guards: { hangs: ({ context }) => context.habits.drain === 'for ever' },
}).createMachine({
  id: 'worker',
  context: ({ input }) => ({ ...input, reason: shutdown }),
  entry: 'scheduleHabits',
  invoke: { src: 'presence', input: ({ context }) => context },
  initial: 'working',
  states: {
    working: {
      on: {
        shutdown: [{ guard: 'hangs', target: 'hanging' }, { target: 'draining' }],
        crash: { actions: 'crash' },
        ready: { actions: 'announceReady' },
        end: { target: 'ended', actions: 'endNormally' },
      },
    },
    draining: { after: { drain: 'ended' } },
    hanging: {},
    ended: { type: 'final' },
  },
  output: ({ context }) => context.reason,
});

/** What a worker's spec may say besides its id and habits. */
type WorkerSpec = Partial<Omit<ActorChildSpec, 'id' | 'start'>> & {
  start?: Partial<Omit<ChildStart, 'logic'>>;
};

/** The tree under test and everything that has been seen of it. */
export interface Stage {
  readonly clock: VirtualClock;
  /** `<milliseconds> <what>`: `+name` and `-name` for the begin and end of a worker. */
  readonly log: string[];
  readonly reports: SupervisorReport[];
  readonly note: (text: string) => void;
  readonly worker: (id: string, habits?: Habits, spec?: WorkerSpec) => ActorChildSpec;
  /** Starts the tree and lets it come to rest without any time passing. */
  readonly start: (flags: SupervisorFlags, children: readonly ActorChildSpec[]) => Promise<RootSupervisor>;
  /** The log since it was last taken. */
  readonly takeLog: () => string[];
}

/** An empty stage; `hooks` come on top of those that keep its log. */
export function openStage(hooks: Partial<SupervisorHooks> = {}): Stage {
  const clock = new VirtualClock();
  const log: string[] = [];
  const reports: SupervisorReport[] = [];
  const note = (text: string): void => {
    log.push(`${clock.now()} ${text}`);
  };
  return {
    clock,
    log,
    reports,
    note,
    worker: (id, habits = {}, { start, ...spec } = {}) =>
      childSpec({
        id,
        start: { logic: workerMachine, input: { name: id, habits, note }, ...start },
        ...spec,
      }),
    start: async (flags, children) => {
      const report = (event: SupervisorReport): number => reports.push(event);
      const root = startSupervisor(
        { flags, children, hooks: { now: clock.now, random: () => 0, report, ...hooks } },
        { clock },
      );
      await clock.advance(0);
      return root;
    },
    takeLog: () => log.splice(0),
  };
}

/** Makes the worker at `path` crash. */
export function crash({ supervisor }: RootSupervisor, path: string): void {
  findChild(supervisor, path)?.send({ type: 'crash' });
}

/** The supervisor at `path`, which the test knows to be running. */
export function supervisorAt({ supervisor }: RootSupervisor, path: string): SupervisorRef {
  const found = findSupervisor(supervisor, path);
  if (!found) throw new Error(`no supervisor runs at ${path}`);
  return found;
}

/** Lets the stage come to rest without any time passing, then gives the answer to a call. */
export async function answerOf<Answer>({ clock }: Stage, call: Promise<Answer>): Promise<Answer> {
  await clock.advance(0);
  return call;
}
