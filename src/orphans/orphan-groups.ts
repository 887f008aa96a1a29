/** Control groups of agents that are no more, when nobody is in them. */
import type { FoundOrphan } from './orphan.ts';
import type { ProcessOwners } from './orphan-processes.ts';

export function findOrphanGroups({ controlGroups, belongs }: ProcessOwners): FoundOrphan[] {
  return (controlGroups?.names() ?? []).flatMap((agent): FoundOrphan[] => {
    const belonging = belongs(agent);
    const group = controlGroups?.of(agent);
    if (belonging.belongs || group === undefined || group.pids().length > 0) return [];
    return [
      {
        orphan: { kind: 'control-group', id: agent, why: `empty; ${belonging.why}`, remedy: 'removed' },
        identity: `control-group ${agent}`,
        clean: async () => (group.remove() ? undefined : { why: 'somebody is in it again' }),
      },
    ];
  });
}
