/** What went wrong at the bottom of what supervisors tell each other, as one line for people. */
import type { ExitReason } from '../../machines/supervision/exit-reason.ts';

/** The first error found inside an exit reason or a failed start, however deep the tree that passed it on. */
export function causeOf(reason: unknown): unknown {
  if (reason instanceof Error || typeof reason !== 'object' || reason === null) return reason;
  for (const key of ['error', 'reason', 'detail'] as const) {
    if (key in reason) return causeOf((reason as Record<typeof key, unknown>)[key]);
  }
  return reason;
}

/** One line for a fact or a person. */
export function errorText(reason: unknown): string {
  const cause = causeOf(reason);
  if (cause instanceof Error) return cause.message;
  return typeof cause === 'string' ? cause : (JSON.stringify(cause) ?? 'unknown');
}

/** `normal`, `shutdown`, `killed`, or the message of what was thrown. */
export function exitText(reason: ExitReason): string {
  return reason.kind === 'error' ? errorText(reason.error) : reason.kind;
}
