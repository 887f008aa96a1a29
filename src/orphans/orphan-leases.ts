/** Claims on tasks whose holder is no agent, or works on something else. */
import type { TaskStore } from '../tasks/task-store.ts';
import type { Belonging } from './belonging.ts';
import type { FoundOrphan } from './orphan.ts';

export interface LeaseOwners {
  /** Only this node's agents are known here; another node's leases run out by themselves. */
  readonly node: string;
  /** Whether the agent works on the task, or may be about to. */
  holds(agent: string, task: string): Belonging;
}

export function findOrphanLeases(tasks: TaskStore, { node, holds }: LeaseOwners): FoundOrphan[] {
  const found: FoundOrphan[] = [];
  for (const { issue, claim, token } of tasks.unfinished()) {
    if (claim === null || claim.node !== node) continue;
    const { agent } = claim;
    const belonging = holds(agent, issue.id);
    if (belonging.belongs) continue;
    const { why } = belonging;
    found.push({
      orphan: { kind: 'lease', id: issue.id, why, remedy: 'released' },
      identity: `lease ${issue.id} ${token}`,
      async clean() {
        if (holds(agent, issue.id).belongs) return { why: `${agent} works on it again` };
        const at = new Date().toISOString();
        // Refused, it has gone to somebody else meanwhile: this lease is no more either way.
        await tasks.apply(issue.id, { type: 'release', token, reason: why, at });
        return undefined;
      },
    });
  }
  return found;
}
