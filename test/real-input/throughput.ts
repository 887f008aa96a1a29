/** How fast a run was, from the times of its facts. */
import { percentile } from '../bench/percentiles.ts';
import type { TaskHistory } from './task-history.ts';

/** Lines to be printed: tasks a minute, stages a second, and how long a stage takes from claim to finish, by stage. */
export function throughput(histories: ReadonlyMap<string, TaskHistory>, flow: readonly string[]): string[] {
  const ended = [...histories.values()]
    .flatMap(({ holds }) => holds)
    .filter(({ outcome }) => outcome !== undefined);
  if (ended.length === 0) return ['nothing was done'];
  const first = Math.min(...ended.map(({ fromTime }) => fromTime));
  const seconds = (Math.max(...ended.map(({ toTime }) => toTime)) - first) / 1_000;
  const tasks = [...histories.values()].filter(({ completions }) => completions.length > 0).length;
  const rate = `${tasks} tasks in ${seconds.toFixed(1)} s: ${((tasks / seconds) * 60).toFixed(1)} tasks/min, ${(ended.length / seconds).toFixed(2)} stages/s`;
  const stages = flow.map((stage) => {
    const took = ended
      .filter((hold) => hold.stage === stage)
      .map(({ fromTime, toTime }) => toTime - fromTime);
    if (took.length === 0) return `${stage}: never`;
    return `${stage.padEnd(8)} p50 ${percentile(took, 50)} ms   p99 ${percentile(took, 99)} ms   (${took.length})`;
  });
  return [rate, ...stages];
}
