/** What went wrong at the bottom of what supervisors tell each other. */

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
