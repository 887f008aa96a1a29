/** What the core asks of the shell around it: the only effects a supervisor has. */
import type { ResolvedChildSpec } from './child-spec.ts';
import type { ExitReason } from './exit-reason.ts';
import type { Pid, Reply } from './message.ts';

/** An order to the shell. Commands are carried out in their order. */
export type Command<Start> =
  /** Start a life; answered by `child.started`. */
  | {
      readonly type: 'child.start';
      readonly pid: Pid;
      readonly spec: ResolvedChildSpec<Start>;
      readonly args: unknown;
    }
  /** End a life as its spec's `shutdown` says; answered by `child.exited`. */
  | { readonly type: 'child.stop'; readonly pid: Pid; readonly brutal: boolean }
  /** Deliver `restart.try_again` after the backoff that belongs to so many failures in a row. */
  | {
      readonly type: 'restart.schedule';
      readonly id: string;
      readonly token: number;
      readonly failures: number;
    }
  | { readonly type: 'restart.cancel'; readonly token: number }
  | { readonly type: 'reply'; readonly reply: Reply<Start> }
  | { readonly type: 'report'; readonly report: Report }
  /** Every child of the initial specs has started: the supervisor's own start is complete. */
  | { readonly type: 'initialized' };

/** OTP's supervisor reports. The shell adds which supervisor speaks. */
export type Report =
  /** OTP's progress report: started at init or by a call. */
  | { readonly report: 'child_started'; readonly id: string; readonly pid: Pid }
  /** Started again by the supervisor itself, after its own or a sibling's crash. */
  | { readonly report: 'child_restarted'; readonly id: string; readonly pid: Pid }
  /** Ended by itself, and its restart type calls that a fault. */
  | {
      readonly report: 'child_terminated';
      readonly id: string;
      readonly pid: Pid;
      readonly reason: ExitReason;
    }
  /** Could not start, at init or in a restart. */
  | { readonly report: 'start_error'; readonly id: string; readonly pid: Pid; readonly reason: unknown }
  /** Ended otherwise than it was asked to. */
  | { readonly report: 'shutdown_error'; readonly id: string; readonly pid: Pid; readonly reason: ExitReason }
  /** The supervisor gives up; `id` is the child whose restart was one too many. */
  | { readonly report: 'shutdown'; readonly id: string; readonly reason: 'reached_max_restart_intensity' };
