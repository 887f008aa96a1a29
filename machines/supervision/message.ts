/** Everything a supervisor can be told, and what it answers to the calls of OTP's `supervisor` API. */
import type { ChildSpec, ChildSpecError, ChildType, ResolvedChildSpec } from './child-spec.ts';
import type { ExitReason } from './exit-reason.ts';

/** One life of one child: `<child id>#<n>`, n counted from 1. Never used twice within a supervisor. */
export type Pid = string;

/** How a start ended: OTP's `{ok, Pid}` or `{ok, Pid, Info}`, `ignore`, `{error, Reason}`. */
export type StartResult =
  | { readonly type: 'ok'; readonly info?: unknown }
  | { readonly type: 'ignore' }
  | { readonly type: 'error'; readonly reason: unknown };

/** A message that waits in the mailbox for its turn. */
export type Letter<Start> =
  | { readonly type: 'child.exited'; readonly pid: Pid; readonly reason: ExitReason }
  | { readonly type: 'restart.try_again'; readonly id: string; readonly token: number | null }
  | { readonly type: 'call'; readonly correlation: string; readonly request: Request<Start> }
  | { readonly type: 'shutdown'; readonly reason: ExitReason };

/** The news that a life is over. */
export type Exited = Extract<Letter<unknown>, { type: 'child.exited' }>;

/** A message as it arrives. Those that are no letters act at once: they are the answers a running job waits for. */
export type Message<Start> =
  | Letter<Start>
  | { readonly type: 'init' }
  | { readonly type: 'child.started'; readonly pid: Pid; readonly result: StartResult }
  /** OTP's `sys:suspend` and `sys:resume`: letters pile up meanwhile. */
  | { readonly type: 'suspend' }
  | { readonly type: 'resume' };

/** The calls. `child` of `start_child` is a spec, or under `simple_one_for_one` the arguments of the new child. */
export type Request<Start> =
  | { readonly call: 'start_child'; readonly child: ChildSpec<Start> | DynamicChild }
  /** Static children are named by id, those of `simple_one_for_one` by pid. */
  | { readonly call: 'terminate_child' | 'get_childspec'; readonly child: string }
  | { readonly call: 'restart_child' | 'delete_child'; readonly child: string }
  | { readonly call: 'which_children' | 'count_children' };

/** A child of a `simple_one_for_one` supervisor: its template's start, with these arguments. */
export interface DynamicChild {
  readonly args: unknown;
}

/** A row of `which_children`. */
export interface ChildRow {
  readonly id: string;
  readonly pid: Pid | 'undefined' | 'restarting';
  readonly type: ChildType;
}

/** What `count_children` counts. */
interface ChildCounts {
  readonly specs: number;
  readonly active: number;
  readonly supervisors: number;
  readonly workers: number;
}

/** `{error, Error}`. */
interface Refusal<Reason extends string> {
  readonly ok: false;
  readonly error: Reason;
}

/** Every call may find no supervisor. */
export type NoProcess = Refusal<'noproc'>;

/** `{ok, Pid}`, `{ok, Pid, Info}`, or with `pid` null `{ok, undefined}`; else the child's start failed. */
export type StartOutcome =
  | { readonly ok: true; readonly pid: Pid | null; readonly info?: unknown }
  | { readonly ok: false; readonly error: 'start_failed'; readonly reason: unknown };

/** The result of each call, in OTP's words. */
export interface CallResults<Start> {
  start_child:
    | StartOutcome
    | { readonly ok: false; readonly error: 'already_started'; readonly pid: Pid }
    | { readonly ok: false; readonly error: 'invalid_child_spec'; readonly reason: ChildSpecError }
    | Refusal<'already_present' | 'max_children'>
    | NoProcess;
  restart_child:
    | StartOutcome
    | Refusal<'running' | 'restarting' | 'not_found' | 'simple_one_for_one'>
    | NoProcess;
  delete_child:
    | { readonly ok: true }
    | Refusal<'running' | 'restarting' | 'not_found' | 'simple_one_for_one'>
    | NoProcess;
  terminate_child: { readonly ok: true } | Refusal<'not_found' | 'simple_one_for_one'> | NoProcess;
  which_children: { readonly ok: true; readonly children: readonly ChildRow[] } | NoProcess;
  count_children: { readonly ok: true; readonly counts: ChildCounts } | NoProcess;
  get_childspec:
    | { readonly ok: true; readonly spec: ResolvedChildSpec<Start> }
    | Refusal<'not_found'>
    | NoProcess;
}

/** The name of a call. */
export type CallName = keyof CallResults<unknown>;

/** The answer to the call that carried `correlation`. */
export type Reply<Start, Name extends CallName = CallName> = {
  [N in Name]: { readonly call: N; readonly correlation: string; readonly result: CallResults<Start>[N] };
}[Name];
