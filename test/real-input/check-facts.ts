/** Whether the facts tell of a faultless run: nothing lost, nothing done twice, nobody ahead of a blocker; pure. */
import type { Hold, TaskHistory } from './task-history.ts';

/** Every violation as a sentence; none for a faultless run. */
export function checkFacts(
  histories: ReadonlyMap<string, TaskHistory>,
  blockers: ReadonlyMap<string, readonly string[]>,
  flow: readonly string[],
): string[] {
  const strangers = [...histories.keys()].filter((id) => !blockers.has(id));
  const violations = strangers.map((id) => `task ${id} comes from no issue`);
  for (const [id, before] of blockers) {
    const history = histories.get(id);
    if (history) violations.push(...checkTask(id, history, flow), ...checkOrder(id, before, histories));
    else violations.push(`task ${id} was never seen`);
  }
  const holds = [...histories.values()].flatMap((history) => history.holds);
  for (const [agent, held] of groupBy(holds, (hold) => hold.agent)) {
    for (const [one, other] of overlaps(held)) {
      violations.push(
        `${agent} held ${one.task} ${one.stage} and ${other.task} ${other.stage} at the same time`,
      );
    }
  }
  return violations;
}

function checkTask(
  id: string,
  { holds, completions, strays }: TaskHistory,
  flow: readonly string[],
): string[] {
  const violations = strays.map((stray) => `task ${id}: ${stray}`);
  if (completions.length !== 1) violations.push(`task ${id} was completed ${completions.length} times`);
  const done = holds.filter(({ outcome }) => outcome === 'done').map(({ stage }) => stage);
  if (done.join() !== flow.join())
    violations.push(`task ${id} had its stages done as: ${done.join(', ') || 'none'}`);
  for (const { stage, agent } of holds.filter(({ outcome }) => outcome === undefined)) {
    violations.push(`task ${id}: the claim of ${agent} on ${stage} never ended`);
  }
  for (const [one, other] of overlaps(holds)) {
    violations.push(
      `task ${id}: ${one.agent} (${one.stage}) and ${other.agent} (${other.stage}) held it at the same time`,
    );
  }
  return violations;
}

function checkOrder(
  id: string,
  blockers: readonly string[],
  histories: ReadonlyMap<string, TaskHistory>,
): string[] {
  const begun = histories.get(id)?.holds[0]?.from ?? Number.POSITIVE_INFINITY;
  return blockers
    .filter((blocker) => begun < (histories.get(blocker)?.completions[0] ?? Number.POSITIVE_INFINITY))
    .map((blocker) => `task ${id} was begun before its blocker ${blocker} was completed`);
}

/** Neighbouring pairs that overlap: none means that no two do. */
function overlaps(holds: readonly Hold[]): [Hold, Hold][] {
  const sorted = [...holds].sort((a, b) => a.from - b.from);
  return sorted.flatMap((hold, index): [Hold, Hold][] => {
    const next = sorted[index + 1];
    return next && next.from < hold.to ? [[hold, next]] : [];
  });
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
