/** The supervision tree at one moment as plain JSON: what the `tree` command answers and the page is sent. */
import { z } from 'zod';
import { StateValue } from '../inspection/transition.ts';

/** Something that happened to a child, and when: milliseconds since the epoch. */
const Incident = z.object({ at: z.number(), reason: z.string() });
export type Incident = z.infer<typeof Incident>;

/**
 * `running`, `restarting` and `undefined` are OTP's; a child that its supervisor waits for is `starting` or `stopping`;
 * one that nobody starts any more until a person clears it is `quarantined`.
 */
const ChildState = z.enum(['running', 'starting', 'stopping', 'restarting', 'undefined', 'quarantined']);

/** A child as its supervisor knows it, and what its own machine says. */
export const ChildDescription = z.object({
  id: z.string(),
  /** From the root, ids joined by `/`. */
  path: z.string(),
  /** The present life, or null. */
  pid: z.string().nullable(),
  state: ChildState,
  type: z.enum(['worker', 'supervisor']),
  restart: z.enum(['permanent', 'transient', 'temporary']),
  /** Milliseconds it is given to end when it is asked to. */
  shutdown: z.union([z.number(), z.literal('infinity'), z.literal('brutal_kill')]),
  /** Crashes and failed starts in a row; what the present backoff is reckoned from. */
  failures: z.int(),
  /** How often a supervisor has restarted it since the root began. */
  restarts: z.int(),
  /** Milliseconds since the present life started, or null. */
  uptime: z.int().nullable(),
  /** Milliseconds until the next try of a restart that waits for its time, or null. */
  retryIn: z.int().nullable(),
  /** The latest end or failed start that was a fault, or null. */
  lastExit: Incident.nullable(),
  /** What it held outside may live on, because its `kill` failed; null again once it has started. */
  killFailed: Incident.nullable(),
  /** Since when and why nobody starts it any more, or null. */
  quarantine: Incident.nullable(),
  /** The state value of the child's machine; null if it does not live or is no machine. */
  value: StateValue.nullable(),
  /** What is below a living child that is a supervisor. */
  get supervisor() {
    return SupervisorDescription.nullable();
  },
});
export type ChildDescription = z.infer<typeof ChildDescription>;

/** A supervisor and what is below it. */
export const SupervisorDescription = z.object({
  /** From the root; empty for the root itself. */
  path: z.string(),
  phase: z.enum(['initializing', 'running', 'terminating', 'terminated']),
  strategy: z.enum(['one_for_one', 'one_for_all', 'rest_for_one', 'simple_one_for_one']),
  /** Restarts that still count against `intensity`. */
  restarts: z.int(),
  intensity: z.int(),
  /** In which so many restarts are allowed, in seconds. */
  period: z.int(),
  /** How many children `start_child` may bring it to; null is without limit. */
  maxChildren: z.int().nullable(),
  /** In start order. */
  get children() {
    return z.array(ChildDescription);
  },
});
export type SupervisorDescription = z.infer<typeof SupervisorDescription>;

/** Every child below, each before what is below it itself. */
export function descendantsOf({ children }: SupervisorDescription): ChildDescription[] {
  return children.flatMap((child) => [child, ...(child.supervisor ? descendantsOf(child.supervisor) : [])]);
}

/** The child at `path`, or undefined. */
export function descendantAt(tree: SupervisorDescription, path: string): ChildDescription | undefined {
  return descendantsOf(tree).find((child) => child.path === path);
}
