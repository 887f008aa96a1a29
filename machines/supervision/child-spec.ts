/** What a supervisor is told about one child, checked as OTP's `check_childspecs` does; `start` stays opaque here. */
import type { AutoShutdown } from './supervisor-flags.ts';

/** When an ended child is started again: always, after an abnormal end, never. */
export type Restart = 'permanent' | 'transient' | 'temporary';

/** How a child is ended: asked and given so many milliseconds, asked and waited for, or killed at once. */
export type Shutdown = number | 'infinity' | 'brutal_kill';

/** A `supervisor` child is a supervisor itself; it is waited for without limit unless its spec says otherwise. */
export type ChildType = 'worker' | 'supervisor';

/** A child as its author writes it. Absent fields take OTP's defaults. */
export interface ChildSpec<Start> {
  /** Unique among its siblings. */
  readonly id: string;
  /** How one life of the child begins; the shell's business (OTP's mfargs). */
  readonly start: Start;
  /** Default `permanent`. */
  readonly restart?: Restart;
  /** Whether its end counts for the supervisor's `autoShutdown`. Default false. */
  readonly significant?: boolean;
  /** Default 5000 ms for a worker, `infinity` for a supervisor. */
  readonly shutdown?: Shutdown;
  /** Default `worker`. */
  readonly type?: ChildType;
}

/** A checked spec with every default filled in: what `get_childspec` answers. */
export type ResolvedChildSpec<Start> = Required<ChildSpec<Start>>;

/** OTP's error terms for a bad spec: `{Term, Value}`, or the term alone. */
export type ChildSpecError =
  | { readonly term: 'missing_id' | 'missing_start' }
  | {
      readonly term:
        | 'invalid_child_spec'
        | 'invalid_mfa'
        | 'invalid_restart_type'
        | 'invalid_significant'
        | 'invalid_child_type'
        | 'invalid_shutdown';
      readonly value: unknown;
    }
  | {
      readonly term: 'bad_combination';
      readonly pairs: readonly [readonly [string, string], readonly [string, string]];
    };

/** What checking a spec comes to. */
export type CheckedChildSpec<Start> =
  | { readonly ok: true; readonly spec: ResolvedChildSpec<Start> }
  | { readonly ok: false; readonly error: ChildSpecError };

/**
 * Fills in defaults and checks at run time what the type already demands, in OTP's order
 * (supervisor.erl, `do_check_childspec/2`), because specs also come from configuration. Unknown keys are ignored.
 */
export function checkChildSpec<Start>(
  spec: ChildSpec<Start>,
  autoShutdown: AutoShutdown,
): CheckedChildSpec<Start> {
  const written: unknown = spec;
  if (typeof written !== 'object' || written === null)
    return refused({ term: 'invalid_child_spec', value: written });
  const { id, start, restart = 'permanent', significant = false, type = 'worker' } = spec;
  if (typeof id !== 'string' || id === '') return refused({ term: 'missing_id' });
  if (start === undefined) return refused({ term: 'missing_start' });
  if (typeof start !== 'object' || start === null) return refused({ term: 'invalid_mfa', value: start });
  if (!isRestart(restart)) return refused({ term: 'invalid_restart_type', value: restart });
  const misuse = significanceError(significant, restart, autoShutdown);
  if (misuse) return refused(misuse);
  if (!isChildType(type)) return refused({ term: 'invalid_child_type', value: type });
  const { shutdown = type === 'supervisor' ? 'infinity' : 5000 } = spec;
  if (!isShutdown(shutdown)) return refused({ term: 'invalid_shutdown', value: shutdown });
  return { ok: true, spec: { id, start, restart, significant, shutdown, type } };
}

function refused(error: ChildSpecError): { ok: false; error: ChildSpecError } {
  return { ok: false, error };
}

function significanceError(
  significant: unknown,
  restart: Restart,
  autoShutdown: AutoShutdown,
): ChildSpecError | undefined {
  if (typeof significant !== 'boolean') return { term: 'invalid_significant', value: significant };
  if (!significant) return undefined;
  const asked = ['significant', 'true'] as const;
  if (autoShutdown === 'never')
    return { term: 'bad_combination', pairs: [['auto_shutdown', 'never'], asked] };
  if (restart === 'permanent') return { term: 'bad_combination', pairs: [['restart', 'permanent'], asked] };
  return undefined;
}

function isRestart(value: unknown): value is Restart {
  return value === 'permanent' || value === 'transient' || value === 'temporary';
}

function isChildType(value: unknown): value is ChildType {
  return value === 'worker' || value === 'supervisor';
}

function isShutdown(value: unknown): value is Shutdown {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0;
  return value === 'infinity' || value === 'brutal_kill';
}
