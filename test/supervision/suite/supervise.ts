/** A supervisor on a stage and the few words in which the tests of OTP's suite speak to it. */
import type { ActorChildSpec, Birth } from '../../../machines/supervision/child-start.ts';
import { exitReasonOf } from '../../../machines/supervision/exit-reason.ts';
import type { SupervisorFlags } from '../../../machines/supervision/supervisor-flags.ts';
import type { SupervisorRef } from '../../../machines/supervisor.machine.ts';
import { findChild } from '../../../src/supervision/actor-tree.ts';
import {
  countChildren,
  deleteChild,
  getChildSpec,
  restartChild,
  startChild,
  startDynamicChild,
  terminateChild,
  whichChildren,
} from '../../../src/supervision/calls.ts';
import { victimAt } from '../../../src/supervision/kill-child.ts';
import type { RootSupervisor } from '../../../src/supervision/start-supervisor.ts';
import { reasonFrom, reasonWord } from '../replay/otp-words.ts';
import { crash, type Habits, openStage, type Stage } from '../stage.ts';

/** How a worker ends by itself; `kill` is Erlang's `exit(Pid, kill)` by a third party. */
export type Ending = 'normal' | 'shutdown' | 'shutdown:detail' | 'crash' | 'kill';

/** Every ending and the reason the supervisor learns. */
export const endings: readonly { ending: Ending; reason: string }[] = [
  { ending: 'normal', reason: 'normal' },
  { ending: 'shutdown', reason: 'shutdown' },
  { ending: 'shutdown:detail', reason: 'shutdown:detail' },
  { ending: 'crash', reason: 'crash' },
  { ending: 'kill', reason: 'killed' },
];

/** The supervisor under test, on its stage. */
export type Supervised = Stage &
  RootSupervisor &
  Calls & {
    /** What supervisors learnt of lives that ended, since last taken: `<pid> <reason>`. */
    readonly takeExits: () => string[];
    /** The worker at `path` ends by itself; settles when all that follows at once has been done. */
    readonly end: (path: string, how: Ending) => Promise<void>;
    /** Settles when the supervisor, asked to end, has: at the latest after so many milliseconds. */
    readonly shutDown: (milliseconds?: number) => Promise<void>;
    /** `running`, or why the supervisor ended. */
    readonly fate: () => string;
  };

/** A root supervisor of exactly OTP's behaviour, that is without backoff unless `flags` say otherwise. */
export async function supervise(
  flags: SupervisorFlags,
  children: (worker: Stage['worker']) => readonly ActorChildSpec[] = () => [],
): Promise<Supervised> {
  const stage = openStage();
  const root = await stage.start({ backoff: 'none', ...flags }, children(stage.worker));
  const { supervisor } = root;
  const exits: string[] = [];
  supervisor.system.inspect((inspected) => {
    if (inspected.type !== '@xstate.event') return;
    const { type, output } = inspected.event;
    if (!type.startsWith('xstate.done.actor.') || output?.end?.type !== 'exited') return;
    exits.push(`${output.pid} ${reasonWord(output.end.reason)}`);
  });
  return {
    ...stage,
    ...root,
    ...callsTo(stage, supervisor),
    takeExits: () => exits.splice(0),
    end: async (path, how) => {
      endWorker(root, path, how);
      await stage.clock.advance(0);
    },
    shutDown: async (milliseconds = 0) => {
      supervisor.send({ type: 'shutdown' });
      await stage.clock.advance(milliseconds);
    },
    fate: () => {
      const { status, output } = supervisor.getSnapshot();
      return status === 'active' ? 'running' : reasonWord(exitReasonOf(output));
    },
  };
}

/** A worker as the template of dynamic ones: each goes by its own id and has the habits it is started with. */
export function template({ start, ...spec }: ActorChildSpec): ActorChildSpec {
  const input = ({ id, args }: Birth) => ({ ...start.input, name: id, ...(args ? { habits: args } : {}) });
  return { ...spec, start: { ...start, input } };
}

function endWorker(root: RootSupervisor, path: string, how: Ending): void {
  const victim = victimAt(root.supervisor, path);
  if (!victim.ok) throw new Error(`nothing runs at ${path}`);
  if (how === 'kill') victim.kill();
  else if (how === 'crash') crash(root, path);
  else findChild(root.supervisor, path)?.send({ type: 'end', reason: reasonFrom(how) });
}

/** The calls to one supervisor. */
export type Calls = ReturnType<typeof callsTo>;

/** Each call is made, and answered after so many milliseconds at the latest; without any time passing by default. */
export function callsTo({ clock }: Stage, supervisor: SupervisorRef, milliseconds = 0) {
  const answered = async <Answer>(call: Promise<Answer>): Promise<Answer> => {
    await clock.advance(milliseconds);
    return call;
  };
  return {
    startChild: (spec: ActorChildSpec) => answered(startChild(supervisor, spec)),
    startDynamicChild: (habits?: Habits) => answered(startDynamicChild(supervisor, habits)),
    restartChild: (id: string) => answered(restartChild(supervisor, id)),
    terminateChild: (child: string) => answered(terminateChild(supervisor, child)),
    deleteChild: (id: string) => answered(deleteChild(supervisor, id)),
    getChildSpec: (child: string) => answered(getChildSpec(supervisor, child)),
    whichChildren: () => answered(whichChildren(supervisor)),
    countChildren: () => answered(countChildren(supervisor)),
    /** The pids of `which_children`, the last started first; `<id> undefined` or `<id> restarting` without one. */
    pids: async () => {
      const answer = await answered(whichChildren(supervisor));
      return answer.ok ? answer.children.map(pidOrState) : [answer.error];
    },
    /** `count_children` as a row: specs, active, supervisors, workers. */
    counts: async () => {
      const answer = await answered(countChildren(supervisor));
      if (!answer.ok) return [answer.error];
      const { specs, active, supervisors, workers } = answer.counts;
      return [specs, active, supervisors, workers];
    },
  };
}

function pidOrState({ id, pid }: { id: string; pid: string }): string {
  return pid === 'undefined' || pid === 'restarting' ? `${id} ${pid}` : pid;
}

/** The answer `{error, Error}`. */
export function refused(error: string): object {
  return { ok: false, error };
}

/** The answer `{ok, Pid}`; without a pid `{ok, undefined}`. */
export function started(pid: string | null): object {
  return { ok: true, pid };
}

/** What comes from configuration is only as good as it was written. */
export function unchecked(value: unknown): never {
  return value as never;
}
