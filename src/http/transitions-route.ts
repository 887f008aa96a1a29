/** `/api/transitions`: what the journal has of a span of time, for replay. */
import type { Handler } from 'hono';
import { z } from 'zod';
import { Turns } from './turns.ts';

/** A recorded transition, ready for JSON; the page knows its shape. */
export type ReadTransitions = (span: {
  from: Date;
  to?: Date;
  agent?: string;
  signal: AbortSignal;
}) => AsyncIterable<object>;

/** Readings of the journal at the same time: each holds up to `limit` transitions in memory. */
const maxReadings = 2;

/** What JetStream's clock, 64 bits of nanoseconds since 1970, can tell from one another. */
const [firstYear, lastYear] = [1970, 2200];

const time = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine((at) => at.getUTCFullYear() >= firstYear && at.getUTCFullYear() <= lastYear, {
    error: `use a time from ${firstYear} to ${lastYear}`,
  });

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
  const turns = new Turns(maxReadings);
  return async (c) => {
    const query = Query.safeParse(c.req.query());
    if (!query.success) return c.json({ error: z.prettifyError(query.error) }, 400);
    const { from, to, agent, limit } = query.data;
    const { signal } = c.req.raw;
    const span = { from, ...(to && { to }), ...(agent && { agent }), signal };
    return c.json(await turns.take(signal, () => readUpTo(limit, read(span), signal)));
  };
}

/** @throws the reason of `signal` when it aborts: nobody waits for the rest */
async function readUpTo(limit: number, reading: AsyncIterable<object>, signal: AbortSignal) {
  const transitions: object[] = [];
  for await (const transition of reading) {
    signal.throwIfAborted();
    if (transitions.length === limit) return { transitions, more: true };
    transitions.push(transition);
  }
  return { transitions, more: false };
}
