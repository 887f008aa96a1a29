/** The world outside says what the records say: git has each task's work once, labels are right, nothing is left over. */
import type { Evidence } from '../evidence.ts';
import { damagedTasks } from './declared-damage.ts';
import { type Violation, violations } from './violation.ts';

export function checkWorld(evidence: Evidence): Violation[] {
  return [
    ...violations("origin has each done task's work exactly once", checkCommits(evidence)),
    ...violations('the tracker shows where each task stands', checkLabels(evidence)),
    ...violations('writes to the tracker are carried out once', checkComments(evidence)),
    ...violations('nothing is left over', checkLeftovers(evidence)),
  ];
}

function checkCommits({ tasks, commits }: Evidence): string[] {
  return [...tasks].flatMap(([id, { state }]) => {
    const count = commits.get(id) ?? 0;
    const isRight = state === 'done' ? count === 1 : count <= 1;
    return isRight ? [] : [`origin's main has ${count} commits of task ${id}, which is ${state}`];
  });
}

function checkLabels({ tasks, labels }: Evidence): string[] {
  return [...tasks].flatMap(([id, { state }]) => {
    if (state !== 'done' && state !== 'failed') return [];
    const shown = labels.get(id)?.join(', ') ?? 'nothing';
    return shown === `status:${state}`
      ? []
      : [`the issue of task ${id} shows ${shown}, and the task is ${state}`];
  });
}

/** Each under a marker of its own; and of how a task ended, somebody is told. */
function checkComments(evidence: Evidence): string[] {
  const damaged = damagedTasks(evidence);
  return [...evidence.tasks].flatMap(([id, { state }]) => {
    const markers = evidence.comments.get(id) ?? [];
    const twice = markers.filter((marker, index) => markers.indexOf(marker) < index);
    const isTold = markers.length > 0 || (state !== 'done' && state !== 'failed') || damaged.has(id);
    return [
      ...twice.map((marker) => `the comment ${marker} stands twice on the issue of task ${id}`),
      ...(isTold ? [] : [`nothing on the issue of task ${id} says how it ended`]),
    ];
  });
}

function checkLeftovers({ tasks, processes, worktrees, daemonFiles, facts, lastEnd }: Evidence): string[] {
  const leases = [...tasks].filter(([, { claim }]) => claim !== null).map(([id]) => `a lease of task ${id}`);
  const kept = new Set(
    facts.filter(({ name }) => name === 'node.worktree.kept').map(({ body }) => body['path']),
  );
  // A failed task's worktree stays for a person to look at, and so does one that it was said of.
  const strays = worktrees.filter((path) => {
    const task = tasks.get(path.split('/').at(-1) ?? '');
    return !kept.has(path) && (task === undefined || task.state === 'done');
  });
  return [
    ...processes.map(({ pid, command }) => `process ${pid}: ${command}`),
    ...strays.map((path) => `worktree ${path}`),
    ...leases,
    ...daemonFiles.map((name) => `the file ${name}`),
    ...(lastEnd === 'status 0' ? [] : [`the daemon, asked to end, ended with ${lastEnd}`]),
  ];
}
