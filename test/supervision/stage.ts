/** A supervision tree on virtual time, with workers that note when they start and end. */
import { assign, enqueueActions, fromCallback, sendParent, setup } from 'xstate';
import type { ActorChildSpec, ChildStart } from '../../machines/supervision/child-start.ts';
import { type ExitReason, ignore, normal, shutdown } from '../../machines/supervision/exit-reason.ts';
import type { SupervisorHooks, SupervisorReport } from '../../machines/supervision/hooks.ts';
import type { SupervisorFlags } from '../../machines/supervision/supervisor-flags.ts';
import type { SupervisorRef } from '../../machines/supervisor.machine.ts';
import { findChild, findSupervisor } from '../../src/supervision/actor-tree.ts';
import { type RootSupervisor, startSupervisor } from '../../src/supervision/start-supervisor.ts';
import { childSpec } from '../../src/supervision/supervisor-spec.ts';
import { VirtualClock } from '../../src/supervision/virtual-clock.ts';

/** How a start goes: well, with an exception, by declining to run, or it never becomes ready. */
export type Fate = 'works' | 'throws' | 'declines' | 'hangs';

/** What a worker does of its own accord; times in milliseconds. */
export interface Habits {
  /** Asked anew at each start. Default `works`. */
  readonly fate?: () => Fate;
  /** Crashes so long after each start. */
  readonly crashAfter?: number;
  /** Ends normally so long after each start. */
  readonly endAfter?: number;
  /** Says that it is ready so long after its start. */
  readonly readyAfter?: number;
  /** Takes so long to clean up; `for ever` if it does not answer at all. Default none. */
  readonly drain?: number | 'for ever';
  /** What it ends with when it is asked to. Default `shutdown`. */
  readonly farewell?: ExitReason;
}

interface WorkerInput {
  readonly name: string;
  readonly habits: Habits;
  readonly note: (text: string) => void;
}

interface WorkerContext extends WorkerInput {
  readonly fate: Fate;
  readonly reason: ExitReason;
}

type WorkerEvent =
  | { type: 'shutdown' }
  | { type: 'crash' }
  | { type: 'end'; reason?: ExitReason }
  | { type: 'ready' };

/** Its end is that of an actor of its own: whatever ends the worker must end that too. */
const presence = fromCallback<{ type: 'none' }, WorkerContext>(({ input: { name, fate, note } }) => {
  if (fate === 'declines') return note(`?${name}`);
  note(`+${name}`);
  return () => note(`-${name}`);
});

const workerMachine = setup({
  types: {
    context: {} as WorkerContext,
    input: {} as WorkerInput,
    events: {} as WorkerEvent,
    output: {} as ExitReason | typeof ignore,
  },
  actors: { presence },
  actions: {
    scheduleHabits: enqueueActions(({ context: { habits, fate }, enqueue }) => {
      const { crashAfter, endAfter, readyAfter } = habits;
      if (crashAfter !== undefined) enqueue.raise({ type: 'crash' }, { delay: crashAfter });
      if (endAfter !== undefined) enqueue.raise({ type: 'end' }, { delay: endAfter });
      if (readyAfter !== undefined && fate !== 'hangs')
        enqueue.raise({ type: 'ready' }, { delay: readyAfter });
    }),
    crash: () => {
      throw new Error('crash');
    },
    takeReason: assign(({ event }) => ({ reason: (event.type === 'end' && event.reason) || normal })),
    announceReady: sendParent({ type: 'child.ready', info: 'here' }),
  },
  delays: { drain: ({ context }) => Number(context.habits.drain ?? 0) },
  guards: {
    declines: ({ context }) => context.fate === 'declines',
    hangs: ({ context }) => context.habits.drain === 'for ever',
  },
}).createMachine({
  id: 'worker',
  context: ({ input }) => ({ ...input, fate: fateOf(input), reason: input.habits.farewell ?? shutdown }),
  entry: 'scheduleHabits',
  invoke: { src: 'presence', input: ({ context }) => context },
  initial: 'working',
  states: {
    working: {
      always: { guard: 'declines', target: 'declined' },
      on: {
        shutdown: [{ guard: 'hangs', target: 'hanging' }, { target: 'draining' }],
        crash: { actions: 'crash' },
        ready: { actions: 'announceReady' },
        end: { target: 'ended', actions: 'takeReason' },
      },
    },
    draining: { after: { drain: 'ended' } },
    hanging: {},
    ended: { type: 'final' },
    declined: { type: 'final' },
  },
  output: ({ context: { fate, reason } }) => (fate === 'declines' ? ignore : reason),
});

function fateOf({ name, habits, note }: WorkerInput): Fate {
  const fate = habits.fate?.() ?? 'works';
  if (fate !== 'throws') return fate;
  note(`!${name}`);
  throw new Error(`${name} does not start`);
}

/** What a worker's spec may say besides its id and habits. */
type WorkerSpec = Partial<Omit<ActorChildSpec, 'id' | 'start'>> & {
  start?: Partial<Omit<ChildStart, 'logic'>>;
};

/** The tree under test and everything that has been seen of it. */
export interface Stage {
  readonly clock: VirtualClock;
  /** `<milliseconds> <what>`: a worker begins `+name`, ends `-name`, fails to start `!name`, declines `?name`. */
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
