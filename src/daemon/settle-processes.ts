/** What has to be clear about processes before the first child is started: what a dead daemon left in the way, and control groups. */
import type { World } from '../actors/world.ts';
import { markPrefix } from '../agents/agent-place.ts';
import { findOrphanNatsServers } from '../orphans/orphan-servers.ts';
import { openControlGroups } from '../processes/control-groups.ts';

/** The caller holds the state folder's lock. */
export async function settleProcesses({ config, state, places, ports, tell, log }: World): Promise<void> {
  const groups = await openControlGroups({
    name: controlGroupsName(state.root),
    recordFile: state.controlGroups,
    mode: config.processes.cgroup,
  });
  log.info({ folder: groups.folder, reason: groups.reason }, 'control.groups');
  ports.controlGroups.fill(groups);
  for (const place of places.values()) place.controlGroup.fill(groups.of(place.name));
  for (const { orphan, clean } of await findOrphanNatsServers(state)) {
    const refusal = await clean?.();
    const { kind, id, why } = orphan;
    if (refusal === undefined) tell('node.orphan.cleaned', config.node, { kind, id, why });
    else tell('node.orphan.kept', config.node, { kind, id, why: `${why}; ${refusal.why}` });
  }
}

/** The folder in which the groups of one orchestra's agents are. */
export const controlGroupsName = (stateRoot: string): string => `orchestra-${markPrefix(stateRoot)}`;
