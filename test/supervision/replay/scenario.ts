/** What a scenario for supervisors says, and what comes of it: the shapes that OTP's oracle and our own replay share. */
import { z } from 'zod';

/**
 * How one start goes: well; well, with something to tell (`{ok, Pid, Info}`); well, but the child dies before its
 * supervisor can go on; declined (`ignore`); refused; with an exception.
 */
const Fate = z.enum(['ok', 'info', 'dies', 'ignore', 'error', 'throw']);
export type Fate = z.infer<typeof Fate>;

/** A supervisor's flags, in OTP's words, and its children; those of `simple_one_for_one` are one template. */
export interface SupervisorScript {
  readonly strategy: 'one_for_one' | 'one_for_all' | 'rest_for_one' | 'simple_one_for_one';
  readonly intensity: number;
  readonly period: number;
  readonly auto_shutdown: 'never' | 'any_significant' | 'all_significant';
  readonly children: readonly Script[];
}

/** A child's spec and the part it plays. What is absent is OTP's default. */
export interface Script {
  /** Absent in a dynamic child: it is called d1, d2 … by the order of the calls that make its supervisor's children. */
  readonly id?: string | undefined;
  readonly restart?: 'permanent' | 'transient' | 'temporary' | undefined;
  readonly significant?: boolean | undefined;
  readonly shutdown?: number | 'infinity' | 'brutal_kill' | undefined;
  /** The fates of its first starts, counted over the whole scenario; all later starts go well. */
  readonly starts?: readonly Fate[] | undefined;
  /** The reason it ends with when it is asked to, or `hang`. Default `shutdown`. */
  readonly on_shutdown?: string | undefined;
  /** For a child that is a supervisor itself. */
  readonly supervisor?: SupervisorScript | undefined;
}

const Script: z.ZodType<Script> = z.lazy(() =>
  z.strictObject({
    id: z.string().optional(),
    restart: z.enum(['permanent', 'transient', 'temporary']).optional(),
    significant: z.boolean().optional(),
    shutdown: z.union([z.number(), z.enum(['infinity', 'brutal_kill'])]).optional(),
    starts: z.array(Fate).optional(),
    on_shutdown: z.string().optional(),
    supervisor: SupervisorScript.optional(),
  }),
);

const SupervisorScript: z.ZodType<SupervisorScript> = z.strictObject({
  strategy: z.enum(['one_for_one', 'one_for_all', 'rest_for_one', 'simple_one_for_one']),
  intensity: z.number(),
  period: z.number(),
  auto_shutdown: z.enum(['never', 'any_significant', 'all_significant']),
  children: z.array(Script),
});

/** What can be done to a supervisor's child, or asked of the supervisor, in the middle of other things. */
const Letter = z.discriminatedUnion('op', [
  /** The child ends by itself with `reason`; with `kill`, and if it is a supervisor, it is ended by force. */
  z.object({ op: z.literal('exit'), id: z.string(), reason: z.string() }),
  z.object({ op: z.literal('start_child'), child: Script }),
  /** Children of `simple_one_for_one` are meant by the pid of their last life. */
  z.object({
    op: z.enum(['terminate_child', 'restart_child', 'delete_child', 'get_childspec']),
    id: z.string(),
  }),
  z.object({ op: z.enum(['which_children', 'count_children']) }),
]);
export type Letter = z.infer<typeof Letter>;

/** Which supervisor is meant: its path, ids from the root down joined by `/`. Default the root. */
const at = z.string().optional();

const Operation = z.union([
  z.intersection(Letter, z.object({ at })),
  /** All of these are in the supervisor's mailbox before it acts on the first. */
  z.object({ op: z.literal('burst'), at, ops: z.array(Letter) }),
  /** Time passes, as restart intensity reckons it. */
  z.object({ op: z.literal('advance'), seconds: z.number() }),
  /** The root supervisor is asked to shut down. */
  z.object({ op: z.literal('stop') }),
]);
export type Operation = z.infer<typeof Operation>;

/** A supervision tree and what happens to it. */
export const Scenario = z.object({ name: z.string(), root: SupervisorScript, ops: z.array(Operation) });
export type Scenario = z.infer<typeof Scenario>;

/**
 * One thing that happened. Paths are as in `at`; a life's name is its child's path, `#`, and the number of the
 * attempt to start that path which it came from.
 *
 * - `["op", name]`: the scenario's next operation begins.
 * - `["start", path, attempt, "ok" | "ignore" | "error"]`
 * - `["exit", path, attempt, reason]`
 * - `["report", supervisor's path, report, name or path or number of lives, reason]`
 */
const TraceEntry = z.array(z.union([z.string(), z.number()]));
export type TraceEntry = readonly (string | number)[];

/** What came of a scenario. */
export const Outcome = z.object({
  /** How the root's own start went: `ok`, or `error` and why. */
  init: z.union([z.literal('ok'), z.tuple([z.literal('error'), z.string()])]),
  /** One for each operation. */
  results: z.array(z.unknown()),
  trace: z.array(TraceEntry),
  /** The rows of `which_children` of every supervisor that is left, by path. */
  final: z.record(z.string(), z.unknown()),
});
export type Outcome = z.infer<typeof Outcome>;
