/** `/api/transitions`: what the journal has of a span of time, for replay. */
import type { Handler } from 'hono';
import { z } from 'zod';

/** A recorded transition, ready for JSON; the page knows its shape. */
export type ReadTransitions = (span: {
  from: Date;
  to?: Date;
  agent?: string;
  signal: AbortSignal;
}) => AsyncIterable<object>;

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

const Query = z.object({
  from: time,
  to: time.optional(),
  agent: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(20_000).default(5_000),
});

/** Answers `{ transitions, more }`; `more` says that the span holds more than `limit`. */
export function transitionsRoute(read: ReadTransitions): Handler {
  return async (c) => {
    const query = Query.safeParse(c.req.query());
    if (!query.success) return c.json({ error: z.prettifyError(query.error) }, 400);
    const { from, to, agent, limit } = query.data;
    const transitions: object[] = [];
    const span = { from, ...(to && { to }), ...(agent && { agent }), signal: c.req.raw.signal };
    for await (const transition of read(span)) {
      if (transitions.length === limit) return c.json({ transitions, more: true });
      transitions.push(transition);
    }
    return c.json({ transitions, more: false });
  };
}
