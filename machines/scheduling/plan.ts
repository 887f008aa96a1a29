/** Who works on what next: pure, from the tasks and the agents to a list of assignments. */

/** What planning needs to know of a task. */
export interface PlannableTask {
  id: string;
  /** The stage it waits for; undefined when it does not wait for an agent. */
  waitingFor: string | undefined;
  /** 0 is the most urgent. */
  priority: number;
  /** ISO 8601. */
  createdAt: string;
  /** ISO 8601; a passed one goes before every priority. */
  deadline?: string | undefined;
  /** Ids of the tasks that have to be done first. */
  blockedBy: readonly string[];
  /** For a stage, the only agent that may take it. */
  agents: Readonly<Record<string, string>>;
}

export interface PlannableAgent {
  name: string;
  roles: readonly string[];
  free: boolean;
}

export interface PlannedAssignment {
  task: string;
  stage: string;
  agent: string;
}

export interface Plan {
  assignments: PlannedAssignment[];
  /** Waiting tasks whose blockers are done, in the order in which they are taken. */
  ready: string[];
  /** Waiting tasks held up, each with the blockers that are not done. */
  held: Map<string, string[]>;
}

/**
 * Gives every free agent at most one task of its roles: blockers first of all, then passed deadlines, priority, age, id.
 * A blocker that nobody knows holds its task up until it appears; `isDone` answers for every known and unknown id.
 */
export function planAssignments(
  tasks: Iterable<PlannableTask>,
  agents: readonly PlannableAgent[],
  isDone: (id: string) => boolean,
  now: number,
): Plan {
  const ready: PlannableTask[] = [];
  const held = new Map<string, string[]>();
  for (const task of tasks) {
    if (task.waitingFor === undefined) continue;
    const open = task.blockedBy.filter((id) => !isDone(id));
    if (open.length > 0) held.set(task.id, open);
    else ready.push(task);
  }
  ready.sort(byUrgency(now));
  const free = agents.filter((agent) => agent.free);
  const assignments: PlannedAssignment[] = [];
  for (const task of ready) {
    if (free.length === 0) break;
    const stage = task.waitingFor ?? '';
    const only = task.agents[stage];
    const index = free.findIndex(
      (agent) => agent.roles.includes(stage) && (only === undefined || agent.name === only),
    );
    const agent = index < 0 ? undefined : free[index];
    if (!agent) continue;
    free.splice(index, 1);
    assignments.push({ task: task.id, stage, agent: agent.name });
  }
  return { assignments, ready: ready.map((task) => task.id), held };
}

/** Passed deadlines first, the longest passed foremost; then priority, then age, then id, so that the order is total. */
function byUrgency(now: number): (a: PlannableTask, b: PlannableTask) => number {
  const deadlines = new Map<string, number>();
  const deadlineOf = (task: PlannableTask): number => {
    if (task.deadline === undefined) return Number.POSITIVE_INFINITY;
    const known = deadlines.get(task.deadline) ?? Date.parse(task.deadline);
    deadlines.set(task.deadline, known);
    return known <= now ? known : Number.POSITIVE_INFINITY;
  };
  return (a, b) => {
    const [first, second] = [deadlineOf(a), deadlineOf(b)];
    if (first !== second) return first - second;
    return a.priority - b.priority || compare(a.createdAt, b.createdAt) || compareIds(a.id, b.id);
  };
}

/** Numbers within ids count as people count: 2 before 10. */
const { compare: compareNumbers } = new Intl.Collator('en', { numeric: true });
export const compareIds = (a: string, b: string): number => compareNumbers(a, b) || compare(a, b);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
