/** One transition of one machine, as it is logged, recorded, replayed and drawn. */
import { z } from 'zod';

/** Where a machine stands: the name of its state, or one for each region and level of nested states. */
export type StateValue = string | { [state: string]: StateValue };
export const StateValue: z.ZodType<StateValue> = z.lazy(() =>
  z.union([z.string(), z.record(z.string(), StateValue)]),
);

export const Transition = z.object({
  /** Milliseconds since the epoch. */
  at: z.number(),
  /** In the supervision tree: '' is the root, below it ids joined by `/`, below a child those of its actors. */
  path: z.string(),
  /** The machine's id. */
  machine: z.string(),
  /** The session id of the actor, unique within one boot of the daemon. */
  life: z.string(),
  /** The type of the event that caused it; `xstate.init` for the first. */
  event: z.string(),
  /** Null when it has just started. */
  from: StateValue.nullable(),
  to: StateValue,
  status: z.enum(['active', 'done', 'error', 'stopped']),
  /** The ids of the edges that were taken, as the charts name them. */
  edges: z.array(z.string()),
  /** The clock's own turn, which changed nothing: not worth a line. */
  routine: z.literal(true).optional(),
});
export type Transition = z.infer<typeof Transition>;
