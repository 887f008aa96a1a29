/** Says how a run went: faults survived, recovery times by kind, what was violated, and how to repeat it. */
import { percentile } from '../bench/percentiles.ts';
import { printTable } from '../bench/table.ts';
import type { Evidence } from './evidence.ts';
import type { Violation } from './invariants/violation.ts';
import type { RunResult } from './run.ts';
import type { StruckFault } from './strike.ts';

export interface RecoveryTimes {
  readonly kind: string;
  readonly survived: number;
  /** In ms. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface Summary {
  readonly seed: number;
  readonly folder: string;
  readonly struck: number;
  readonly survived: number;
  readonly times: readonly RecoveryTimes[];
  readonly skipped: RunResult['skipped'];
  /** How many tasks ended in each state. */
  readonly tasks: Readonly<Record<string, number>>;
  /** What is no violation and yet worth knowing. */
  readonly notes: readonly string[];
  readonly violations: readonly Violation[];
}

export function summaryOf(
  { struck, skipped, violations, evidence }: RunResult,
  { seed, folder }: Pick<Summary, 'seed' | 'folder'>,
): Summary {
  const survived = struck.filter(({ isWhole }) => isWhole);
  return {
    seed,
    folder,
    struck: struck.length,
    survived: survived.length,
    times: recoveryTimes(survived),
    skipped,
    tasks: countEach([...(evidence?.tasks.values() ?? [])].map(({ state }) => state)),
    notes: evidence ? notesOn(evidence) : [],
    violations,
  };
}

/** @param again the command line that repeats the run, but for its seed */
export function printSummary(summary: Summary, again: string): void {
  const { seed, struck, survived, times, skipped, tasks, notes, violations } = summary;
  printTable(
    `faults survived: ${survived} of ${struck} (from the fault, or the end of one that lasts, until the tree is whole)`,
    ['', 'survived', 'p50', 'p99', 'max'],
    times.map(({ kind, survived, p50, p99, max }) => [
      kind,
      survived,
      ...[p50, p99, max].map((ms) => `${ms} ms`),
    ]),
  );
  const lines = [
    `tasks: ${listed(tasks)}`,
    ...notes,
    ...skipped.map(({ kind, why }) => `skipped: ${kind}, ${why}`),
    ...violations.map(({ invariant, evidence }) => `VIOLATED ${invariant}: ${evidence}`),
    violations.length === 0 ? 'every invariant held' : `${violations.length} violations`,
    `seed ${seed}; again: ${again} --seed ${seed}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function recoveryTimes(struck: readonly StruckFault[]): RecoveryTimes[] {
  const kinds = [...new Set(struck.map(({ kind }) => kind))].sort();
  return kinds.map((kind) => {
    const took = struck.filter((fault) => fault.kind === kind).map(({ recovery }) => recovery);
    return {
      kind,
      survived: took.length,
      p50: percentile(took, 50),
      p99: percentile(took, 99),
      max: Math.max(...took),
    };
  });
}

/** Ends that no fault explains, of tasks and of the daemon; and what became of agents that lived on without it. */
function notesOn({ issues, tasks, deaths, facts, log }: Evidence): string[] {
  const unmeant = issues.filter(({ id, kind }) => kind === 'work' && tasks.get(id)?.state === 'failed');
  const again = log.filter(
    ({ event, session, task, token }, index) =>
      event === 'begin' &&
      session !== undefined &&
      log.slice(0, index).some((before) => before.task === task && before.token === token),
  );
  const resumed = again.filter(({ isResumed }) => isResumed).length;
  const unasked = deaths.map(({ how }) => how).filter((how) => how !== 'SIGKILL');
  const adopted = facts.filter(({ name }) => name === 'agent.adopted').length;
  const refused = facts
    .filter(({ name }) => name === 'agent.adoption.refused')
    .map(({ body }) => String(body['reason']));
  return [
    `agents adopted by the next daemon: ${adopted}; not adopted: ${listed(countEach(refused)) || 'none'}`,
    `conversations that a crash broke off: ${again.length}, resumed by their own id: ${resumed}`,
    ...unmeant.map(({ id }) => `task ${id} used up its attempts: ${tasks.get(id)?.reason.split('\n')[0]}`),
    ...(unasked.length > 0 ? [`the daemon ended by itself: ${listed(countEach(unasked))}`] : []),
  ];
}

function countEach(texts: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1;
  return counts;
}

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([text, count]) => `${count} ${text}`)
    .join(', ');
