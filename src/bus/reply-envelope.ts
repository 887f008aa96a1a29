/** The one shape of every answer on the bus, so that a failure at the other end arrives as one. */
import { z } from 'zod';

export const ReplyEnvelope = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown().optional() }),
  z.object({ ok: z.literal(false), error: z.object({ code: z.string(), message: z.string() }) }),
]);
export type ReplyEnvelope = z.infer<typeof ReplyEnvelope>;

/** What is told of an error that a handler threw: its own `code` if it has one, else `internal`. */
export function failedReply(error: unknown): ReplyEnvelope {
  if (error instanceof z.ZodError)
    return { ok: false, error: { code: 'bad-request', message: faults(error) } };
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'internal';
  return { ok: false, error: { code, message: error instanceof Error ? error.message : String(error) } };
}

/** What is wrong with a request, for people: `id: a task id is made of …`. */
function faults({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => [...path.map(String), message].join(': ')).join('; ');
}
