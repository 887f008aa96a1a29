/** Says how a run went: faults survived, recovery times by kind, what was violated, and the seed that repeats it. */
import { percentile } from '../bench/percentiles.ts';
import { printTable } from '../bench/table.ts';
import type { RunResult, StruckFault } from './run.ts';

export interface Reported extends RunResult {
  readonly seed: number;
  readonly folder: string;
}

export interface RecoveryTimes {
  readonly kind: string;
  readonly survived: number;
  /** In ms. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export function recoveryTimes(struck: readonly StruckFault[]): RecoveryTimes[] {
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

export function report(
  { seed, folder, struck, skipped, violations, evidence }: Reported,
  asJson: boolean,
): void {
  const times = recoveryTimes(struck);
  const tasks = countStates([...(evidence?.tasks.values() ?? [])].map(({ state }) => state));
  if (asJson) {
    const summary = { seed, folder, survived: struck.length, skipped, times, tasks, violations };
    process.stdout.write(`${JSON.stringify(summary, undefined, 2)}\n`);
    return;
  }
  printTable(
    `faults survived: ${struck.length} (from the fault, or the end of one that lasts, until the tree is whole)`,
    ['', 'survived', 'p50', 'p99', 'max'],
    times.map(({ kind, survived, ...took }) => [
      kind,
      survived,
      ...[took.p50, took.p99, took.max].map((ms) => `${ms} ms`),
    ]),
  );
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  for (const { kind, why } of skipped) print(`skipped: ${kind}, ${why}`);
  print(
    `tasks: ${Object.entries(tasks)
      .map(([state, count]) => `${count} ${state}`)
      .join(', ')}`,
  );
  for (const { invariant, evidence: seen } of violations) print(`VIOLATED ${invariant}: ${seen}`);
  print(
    violations.length === 0
      ? 'every invariant held'
      : `${violations.length} violations; node dist/test/chaos/main.js --seed ${seed} repeats the run`,
  );
  print(`seed ${seed}`);
}

function countStates(states: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
