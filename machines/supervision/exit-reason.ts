/** Why a supervised child ended, in OTP's terms; knows nothing of supervisors. */

/**
 * OTP's exit reasons as data: `normal`, `shutdown`, `{shutdown, Detail}`, `killed`, and any other term as `error`.
 * The first three are clean, the others abnormal.
 */
export type ExitReason =
  | { readonly kind: 'normal' }
  | { readonly kind: 'shutdown'; readonly detail?: unknown }
  | { readonly kind: 'killed' }
  | { readonly kind: 'error'; readonly error: unknown };

/** The child ended because its work was done. */
export const normal: ExitReason = { kind: 'normal' };

/** The child ended because it was asked to. */
export const shutdown: ExitReason = { kind: 'shutdown' };

/** The child was ended by force. */
export const killed: ExitReason = { kind: 'killed' };

/** The child crashed with `error`, whatever was thrown. */
export function crashed(error: unknown): ExitReason {
  return { kind: 'error', error };
}

/** The output of a child that declines to run: OTP's `ignore`, meaningful only while it starts. */
export const ignore = { kind: 'ignore' } as const;

/** Whether a transient child that ended so is restarted: all but `normal`, `shutdown` and `{shutdown, _}`. */
export function isAbnormal(reason: ExitReason): boolean {
  return reason.kind === 'killed' || reason.kind === 'error';
}

/** Whether a child's output is OTP's `ignore`. */
export function isIgnore(output: unknown): output is typeof ignore {
  return kindOf(output) === 'ignore';
}

/** The exit reason in a child's output. A child whose output is something else, or nothing, ended normally. */
export function exitReasonOf(output: unknown): ExitReason {
  return isExitReason(output) ? output : normal;
}

/** Whether `value` is an exit reason. */
function isExitReason(value: unknown): value is ExitReason {
  const kind = kindOf(value);
  return kind === 'normal' || kind === 'shutdown' || kind === 'killed' || kind === 'error';
}

function kindOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
}
