/** Reads what real OTP 25 did in 3,000 random scenarios; written by shared/otp's generator and oracle. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';

const OnShutdown = z.union([z.enum(['ok', 'hang']), z.object({ exit: z.string() })]);

/** How a child behaves: the fate of each of its starts in turn, then `ok`; and what it does when asked to end. */
export const Script = z.object({
  id: z.string().optional(),
  restart: z.enum(['permanent', 'transient', 'temporary']).optional(),
  significant: z.boolean().optional(),
  shutdown: z.union([z.number(), z.enum(['infinity', 'brutal_kill'])]).optional(),
  starts: z.array(z.enum(['ok', 'error', 'ignore', 'throw'])).optional(),
  on_shutdown: OnShutdown.optional(),
});
export type Script = z.infer<typeof Script>;

const Exit = z.object({ id: z.string(), reason: z.string() });

/** What can be asked of a supervisor, or done to a child, in the middle of other things. */
const SingleOperation = z.discriminatedUnion('op', [
  z.object({ op: z.literal('exit'), ...Exit.shape }),
  z.object({ op: z.literal('start_child'), child: Script }),
  z.object({ op: z.enum(['terminate_child', 'restart_child', 'delete_child']), id: z.string() }),
  z.object({ op: z.enum(['which_children', 'count_children']) }),
]);
export type SingleOperation = z.infer<typeof SingleOperation>;

const Operation = z.union([
  SingleOperation,
  z.object({ op: z.literal('exit_all'), exits: z.array(Exit) }),
  z.object({ op: z.literal('burst'), ops: z.array(SingleOperation) }),
  z.object({ op: z.literal('advance'), s: z.number() }),
  z.object({ op: z.literal('stop') }),
]);

/** A supervisor and what happens to it. */
export const Scenario = z.object({
  name: z.string(),
  strategy: z.enum(['one_for_one', 'one_for_all', 'rest_for_one', 'simple_one_for_one']),
  intensity: z.number(),
  period: z.number(),
  auto_shutdown: z.enum(['never', 'any_significant', 'all_significant']),
  children: z.array(Script),
  ops: z.array(Operation),
});
export type Scenario = z.infer<typeof Scenario>;

/** `["start", id, n, outcome]`, `["exit", id, n, reason]`, `["op", name]`, `["sup_exit", reason]`. */
export type TraceEntry = readonly (string | number)[];

/** What came of a scenario. */
const Outcome = z.object({
  init: z.union([z.literal('ok'), z.tuple([z.literal('error'), z.string()])]),
  results: z.array(z.unknown()),
  trace: z.array(z.array(z.union([z.string(), z.number()]))),
  final: z.object({ alive: z.boolean(), children: z.unknown().optional() }),
});
export type Outcome = z.infer<typeof Outcome>;

/** A scenario and what OTP made of it. */
export interface Recording {
  readonly scenario: Scenario;
  readonly otp: Outcome;
}

/** All recordings of one file in `corpus/`, which holds scenario and outcome on alternate lines. */
export function readCorpus(name: string): Recording[] {
  const file = new URL(`./corpus/${name}.ndjson.gz`, import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n');
  return Array.from({ length: lines.length / 2 }, (_, index) => ({
    scenario: Scenario.parse(JSON.parse(lines[2 * index] ?? '')),
    otp: Outcome.parse(JSON.parse(lines[2 * index + 1] ?? '')),
  }));
}
