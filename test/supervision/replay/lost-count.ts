/** Evens out `count_children` where OTP loses count. */
import type { Letter, Outcome, Scenario } from './scenario.ts';

/**
 * The results without how many dynamic children are `active`, for supervisors that may have lost count. Terminating
 * a child of a `simple_one_for_one` supervisor while it waits for its restart leaves it counted among those that wait
 * (supervisor.erl 25, `dynamic_restarts`), and from then on `active` is too low: -1 with no child at all.
 */
export function withoutLostCounts(
  { ops }: Scenario,
  { results, trace }: Outcome,
  isSimple: (path: string) => boolean,
): unknown[] {
  const places = new Set(
    ops.flatMap((operation) => {
      if (operation.op === 'advance' || operation.op === 'stop') return [];
      const letters: readonly Letter[] = operation.op === 'burst' ? operation.ops : [operation];
      return letters.some(({ op }) => op === 'terminate_child') ? [operation.at ?? ''] : [];
    }),
  );
  const hasLostCount = (path: string): boolean =>
    isSimple(path) &&
    places.has(path) &&
    trace.some(([, own, report]) => own === path && report === 'start_error');
  return results.map((result, index) => {
    const operation = ops[index];
    const path = operation && 'at' in operation ? (operation.at ?? '') : '';
    return hasLostCount(path) ? withoutActive(result) : result;
  });
}

function withoutActive(result: unknown): unknown {
  if (Array.isArray(result)) return result.map(withoutActive);
  if (typeof result !== 'object' || result === null || !('active' in result)) return result;
  const { active: _, ...counted } = result;
  return counted;
}
