/** Strips from an outcome what OTP itself leaves open, so that equality is what OTP promises. */
import { withoutLostCounts } from './lost-count.ts';
import { isBelow, withoutOrphans } from './orphans.ts';
import type { Outcome, Scenario, SupervisorScript, TraceEntry } from './scenario.ts';

/**
 * What is evened out:
 *
 * - The children of a `simple_one_for_one` supervisor end in no order, and their bad ends are counted in one report
 *   for each reason, where ours are reported one by one. Its rows of `which_children` are in no order either. It makes
 *   no progress reports; ours are left out.
 * - What is below a supervisor that is killed ends when it notices.
 * - A supervisor that terminates a dynamic child in the midst of its restart has lost count.
 */
export function comparable(scenario: Scenario, outcome: Outcome): unknown {
  const { init, trace, final } = outcome;
  const simple = simplePaths(scenario);
  const isSimple = (path: unknown): boolean => simple.has(pathKind(String(path)));
  return {
    init,
    results: withoutLostCounts(scenario, outcome, isSimple).map(unordered),
    trace: withUnorderedEnds(withoutOrphans(trace), isSimple).filter(
      ([kind, path, report]) => kind !== 'report' || report !== 'progress' || !isSimple(path),
    ),
    final: Object.fromEntries(Object.entries(final).map(([path, rows]) => [path, unordered(rows)])),
  };
}

/** Where in the scenario there may be a `simple_one_for_one` supervisor, as kinds of path. */
function simplePaths({ root, ops }: Scenario): ReadonlySet<string> {
  const paths = new Set<string>();
  const walk = (supervisor: SupervisorScript | undefined, path: string): void => {
    const isSimple = supervisor?.strategy === 'simple_one_for_one';
    if (isSimple) paths.add(path);
    for (const { id = '', supervisor: inner } of supervisor?.children ?? []) {
      walk(inner, joined(path, isSimple ? 'd' : id));
    }
  };
  walk(root, '');
  for (const operation of ops) {
    if (operation.op === 'advance' || operation.op === 'stop') continue;
    const letters = operation.op === 'burst' ? operation.ops : [operation];
    for (const letter of letters) {
      if (letter.op !== 'start_child') continue;
      walk(letter.child.supervisor, joined(pathKind(operation.at ?? ''), letter.child.id ?? 'd'));
    }
  }
  return paths;
}

function joined(path: string, id: string): string {
  return path === '' ? id : `${path}/${id}`;
}

/** The same for all dynamic children of a supervisor. */
function pathKind(path: string): string {
  return path.replace(/(?<=^|\/)d\d+(?=\/|$)/g, 'd');
}

/** Rows of dynamic children in any fixed order, wherever they are in a result. */
function unordered(result: unknown): unknown {
  if (!Array.isArray(result)) return result;
  return result.some(isDynamicRow) ? [...result].sort(byText) : result.map(unordered);
}

function isDynamicRow(value: unknown): boolean {
  return Array.isArray(value) && value.length === 3 && (value[0] === null || /^d\d+$/.test(String(value[0])));
}

/** Whatever ends with a `simple_one_for_one` supervisor, in any fixed order, and its reports on that counted. */
function withUnorderedEnds(
  trace: readonly TraceEntry[],
  isSimple: (path: unknown) => boolean,
): readonly TraceEntry[] {
  let result = trace;
  for (const end of trace) {
    const [kind, path] = end;
    if (kind !== 'exit' || !isSimple(path)) continue;
    const isReport = (entry: TraceEntry): boolean =>
      entry[0] === 'report' && entry[1] === path && entry[2] === 'shutdown_error';
    const isPart = (entry: TraceEntry): boolean =>
      isReport(entry) || (entry[0] !== 'start' && entry[0] !== 'op' && isBelow(entry, String(path)));
    const index = result.indexOf(end);
    const begin = result.slice(0, index).findLastIndex((entry) => !isPart(entry)) + 1;
    const part = result.slice(begin, index);
    result = [
      ...result.slice(0, begin),
      ...part.filter((entry) => !isReport(entry)).sort(byText),
      ...counted(part.filter(isReport)),
      ...result.slice(index),
    ];
  }
  return result;
}

/** Reports on single lives, or on so many, as one for each reason. */
function counted(reports: readonly TraceEntry[]): TraceEntry[] {
  const counts = new Map<string | number, TraceEntry>();
  for (const [kind = '', path = '', report = '', who, reason = ''] of reports) {
    const former = Number(counts.get(reason)?.[3] ?? 0);
    counts.set(reason, [kind, path, report, former + (typeof who === 'number' ? who : 1), reason]);
  }
  return [...counts.values()].sort(byText);
}

function byText(left: unknown, right: unknown): number {
  return JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
}
