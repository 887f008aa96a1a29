/** A supervisor's whole memory as plain data, and how it begins; everything else about it is computed from this. */
import { type ChildSpec, type ChildSpecError, checkChildSpec, type ResolvedChildSpec } from './child-spec.ts';
import { crashed, type ExitReason, type ignore, isIgnore } from './exit-reason.ts';
import type { Letter, Pid } from './message.ts';
import {
  checkFlags,
  defaultFlags,
  type FlagsError,
  type ResolvedFlags,
  type SupervisorFlags,
} from './supervisor-flags.ts';

/** Where a child stands: OTP's pid, `{restarting, Pid}` and `undefined`. */
export type ChildStatus =
  | { readonly state: 'running'; readonly pid: Pid }
  | { readonly state: 'restarting'; readonly previous: Pid | null; readonly retry: Retry | null }
  | { readonly state: 'undefined' };

/** The `restart.try_again` a restarting child listens to. */
interface Retry {
  /**
   * Of the timer it comes by, so that one that was cancelled too late is not mistaken for its successor. Null for a
   * letter to oneself: as in OTP any of those will do.
   */
  readonly token: number | null;
  /** Whether the restart it asks for was already charged, when the exit was seen. */
  readonly charged: boolean;
}

/** A child and what the supervisor remembers of it. */
export interface ChildRecord<Start> {
  readonly id: string;
  readonly spec: ResolvedChildSpec<Start>;
  /** Arguments of a dynamic child; forgotten with it. */
  readonly args: unknown;
  status: ChildStatus;
  /** Lives begun. */
  lives: number;
  /** Monotonic milliseconds; of the last start that succeeded. */
  startedAt: number;
  /** Crashes and failed restarts in a row, without `resetAfter` seconds of uptime between them. */
  failures: number;
}

/** One move of a job; each is completed by the shell's answer before the next begins. */
export type JobStep =
  | { readonly type: 'start'; readonly id: string }
  | { readonly type: 'stop'; readonly pids: readonly Pid[] };

/** What a job is for, and so what its end or a failed start in it means. */
export type JobPurpose<Start> =
  | { readonly type: 'init' }
  | { readonly type: 'restart' }
  | { readonly type: 'start_child'; readonly correlation: string; readonly child: ChildRecord<Start> }
  | { readonly type: 'restart_child'; readonly correlation: string }
  | { readonly type: 'terminate_child'; readonly correlation: string }
  | { readonly type: 'terminate'; readonly reason: ExitReason };

/** Work that needs answers from children. A supervisor has at most one, and reads no letter before its end. */
export interface Job<Start> {
  readonly purpose: JobPurpose<Start>;
  readonly steps: JobStep[];
  waiting:
    | { readonly for: 'start'; readonly id: string; readonly pid: Pid }
    | { readonly for: 'stop'; readonly pids: readonly Pid[] }
    | null;
}

/** The state between two messages. */
export interface SupervisorState<Start> {
  readonly flags: ResolvedFlags;
  phase: 'initializing' | 'running' | 'terminating' | 'terminated';
  /** The one spec of a `simple_one_for_one` supervisor; null for the other strategies. */
  readonly template: ResolvedChildSpec<Start> | null;
  /** In start order. */
  children: ChildRecord<Start>[];
  /** Charged restarts in whole monotonic seconds, newest first. */
  restarts: readonly number[];
  job: Job<Start> | null;
  /** Letters not yet read, oldest first. */
  mailbox: Letter<Start>[];
  suspended: boolean;
  /** Children that have ended and whose `child.exited` is still in the mailbox. */
  exits: Record<Pid, ExitReason>;
  /** Lives begun, by id of static child; kept when the child is deleted, so that no pid is used twice. */
  lives: Record<string, number>;
  /** Dynamic children ever named. */
  dynamicChildren: number;
  /** Timers ever set. */
  timers: number;
  /** Why the supervisor ended; null until it has, and for one that declined to begin. */
  exit: ExitReason | null;
}

/** OTP's terms for a supervisor that cannot even begin. */
type InitError =
  | { readonly term: 'supervisor_data'; readonly reason: FlagsError }
  | { readonly term: 'start_spec'; readonly reason: ChildSpecError }
  | { readonly term: 'duplicate_child_name'; readonly id: string }
  | { readonly term: 'bad_start_spec' };

/**
 * A supervisor that has not started anything yet; one that has already terminated if flags or specs are refused, or
 * if in place of specs there is OTP's `ignore`.
 */
export function initialState<Start>(
  written: SupervisorFlags,
  specs: readonly ChildSpec<Start>[] | typeof ignore,
): SupervisorState<Start> {
  if (isIgnore(specs)) return { ...emptyState<Start>(defaultFlags, null, []), phase: 'terminated' };
  const checkedFlags = checkFlags(written);
  if (!checkedFlags.ok) return refusedState({ term: 'supervisor_data', reason: checkedFlags.error });
  const { flags } = checkedFlags;
  const list: unknown = specs;
  if (!Array.isArray(list)) return refusedState({ term: 'bad_start_spec' });
  const children: ChildRecord<Start>[] = [];
  for (const spec of specs) {
    const checked = checkChildSpec(spec, flags.autoShutdown);
    if (!checked.ok) return refusedState({ term: 'start_spec', reason: checked.error });
    if (children.some((child) => child.id === spec.id)) {
      return refusedState({ term: 'duplicate_child_name', id: spec.id });
    }
    children.push(newChild(spec.id, checked.spec, undefined));
  }
  if (flags.strategy !== 'simple_one_for_one') return emptyState(flags, null, children);
  const [template, ...others] = children;
  if (!template || others.length > 0) return refusedState({ term: 'bad_start_spec' });
  return emptyState(flags, template.spec, []);
}

/** A child that has never run. */
export function newChild<Start>(
  id: string,
  spec: ResolvedChildSpec<Start>,
  args: unknown,
): ChildRecord<Start> {
  return { id, spec, args, status: { state: 'undefined' }, lives: 0, startedAt: 0, failures: 0 };
}

function emptyState<Start>(
  flags: ResolvedFlags,
  template: ResolvedChildSpec<Start> | null,
  children: ChildRecord<Start>[],
): SupervisorState<Start> {
  return {
    flags,
    phase: 'initializing',
    template,
    children,
    restarts: [],
    job: null,
    mailbox: [],
    suspended: false,
    exits: {},
    lives: {},
    dynamicChildren: 0,
    timers: 0,
    exit: null,
  };
}

function refusedState<Start>(error: InitError): SupervisorState<Start> {
  return { ...emptyState<Start>(defaultFlags, null, []), phase: 'terminated', exit: crashed(error) };
}
