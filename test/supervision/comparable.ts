/** Strips from an outcome what OTP itself leaves open, so that equality is what OTP promises. */
import type { Outcome, Scenario, TraceEntry } from './corpus.ts';

/**
 * A supervisor that could not start is compared by what its children did. Under `simple_one_for_one` the order of
 * `which_children` and of the exits at shutdown is undefined.
 */
export function comparable({ ops, strategy }: Scenario, outcome: Outcome): unknown {
  const { init, trace, results, final } = outcome;
  if (init !== 'ok') {
    return {
      trace: trace.filter(([kind]) => kind === 'start' || kind === 'exit'),
      results: results.filter((_, index) => ops[index]?.op !== 'advance'),
    };
  }
  if (strategy !== 'simple_one_for_one') return { trace, results, final };
  return {
    trace: withUnorderedEnd(trace),
    results: results.map(unordered),
    final: { ...final, children: unordered(final.children) },
  };
}

/** Rows of `which_children` in any fixed order, wherever they are in a result. */
function unordered(result: unknown): unknown {
  if (!Array.isArray(result)) return result;
  if (result.length === 0 || !result.every(isRow)) return result.map(unordered);
  return [...result].sort(byText);
}

function isRow(value: unknown): boolean {
  return Array.isArray(value) && value.length === 3 && (value[2] === 'worker' || value[2] === 'supervisor');
}

function withUnorderedEnd(trace: readonly TraceEntry[]): readonly TraceEntry[] {
  const end = trace.findIndex(([kind]) => kind === 'sup_exit');
  if (end === -1) return trace;
  const start = trace.slice(0, end).findLastIndex(([kind]) => kind !== 'exit') + 1;
  return [...trace.slice(0, start), ...trace.slice(start, end).sort(byText), ...trace.slice(end)];
}

function byText(left: unknown, right: unknown): number {
  return JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
}
