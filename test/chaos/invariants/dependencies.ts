/** Nobody begins on a task before everything that blocks it is done. */
import type { Evidence } from '../evidence.ts';
import { damagedTasks } from './declared-damage.ts';
import { type Violation, violations } from './violation.ts';

/** A completion that was not told (the daemon died on its lips) is judged by the record, which then has it. */
export function checkDependencies(evidence: Evidence): Violation[] {
  const { issues, facts, tasks } = evidence;
  const damaged = damagedTasks(evidence);
  const sentences = issues.flatMap(({ id, blockedBy }) => {
    const begun = facts.findIndex(({ name, about }) => name === 'task.claimed' && about === id);
    if (begun < 0) return [];
    return blockedBy.flatMap((blocker) => {
      const completed = facts.findIndex(({ name, about }) => name === 'task.completed' && about === blocker);
      if (completed >= 0)
        return completed < begun ? [] : [`task ${id} was begun before its blocker ${blocker} was completed`];
      const isOver = tasks.get(blocker)?.state === 'done' || damaged.has(blocker);
      return isOver ? [] : [`task ${id} was begun and its blocker ${blocker} never completed`];
    });
  });
  return violations('dependencies are respected', sentences);
}
