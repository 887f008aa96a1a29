/** Evens out when those below a killed supervisor end, which OTP leaves open. */
import type { TraceEntry } from './scenario.ts';

/**
 * In place of each end below a supervisor that was killed: an entry `["orphaned", path, attempt]`, right after the
 * supervisor's own. In OTP they end when they notice, perhaps while their successors already start, and a supervisor
 * among them asks its children in its turn; of ours all are gone before their supervisor is.
 */
export function withoutOrphans(trace: readonly TraceEntry[]): readonly TraceEntry[] {
  let result = trace;
  for (let index = 0; index < result.length; index += 1) {
    const [kind, path, , reason] = result[index] ?? [];
    if (kind !== 'exit' || reason !== 'killed' || isSwept(result, index, String(path))) continue;
    result = gathered(result, index, String(path));
  }
  return result;
}

/** Whether the path of this entry lies below `path`; that of a report is its supervisor's. */
export function isBelow([, own]: TraceEntry, path: string): boolean {
  return path === '' ? own !== '' : String(own).startsWith(`${path}/`);
}

/** Whether this death is only part of that of a supervisor further up. */
function isSwept(trace: readonly TraceEntry[], index: number, path: string): boolean {
  for (const [kind, other, , reason] of trace.slice(index)) {
    if (kind !== 'exit' || reason !== 'killed') return false;
    if (path.startsWith(`${other}/`)) return true;
  }
  return false;
}

/** The trace with the orphans of one death gathered. */
function gathered(trace: readonly TraceEntry[], death: number, path: string): readonly TraceEntry[] {
  const isSweep = (entry: TraceEntry): boolean =>
    entry[0] === 'exit' && entry[3] === 'killed' && isBelow(entry, path);
  const sweep = trace.slice(0, death).findLastIndex((entry) => !isSweep(entry)) + 1;
  const before = trace.slice(0, sweep);
  const orphans = new Set<string>();
  for (const entry of before) {
    if (!isBelow(entry, path)) continue;
    if (entry[0] === 'start' && entry[3] === 'ok') orphans.add(nameOf(entry));
    if (entry[0] === 'exit' || entry[0] === 'orphaned') orphans.delete(nameOf(entry));
  }
  const after = trace.slice(death + 1);
  const isAfterlife = (entry: TraceEntry, index: number): boolean =>
    entry[0] === 'exit' ? orphans.has(nameOf(entry)) : isLastReport(entry, after.slice(index), orphans);
  return [
    ...before,
    ...trace.slice(death, death + 1),
    ...[...orphans].sort().map((name) => ['orphaned', ...name.split('#')]),
    ...after.filter((entry, index) => !isAfterlife(entry, index)),
  ];
}

/** Whether an orphaned supervisor reports on the end of its own children. */
function isLastReport(
  [kind, supervisor, report, who]: TraceEntry,
  rest: readonly TraceEntry[],
  orphans: ReadonlySet<string>,
): boolean {
  if (kind !== 'report' || report !== 'shutdown_error') return false;
  if (typeof who === 'string') return orphans.has(who);
  return rest.some((entry) => entry[0] === 'exit' && entry[1] === supervisor && orphans.has(nameOf(entry)));
}

function nameOf([, path, number]: TraceEntry): string {
  return `${path}#${number}`;
}
