/** Agents that were restarted too often and are left alone for a time, or until a person has looked; on record with their presence. */
import type { SupervisorReport } from '../../machines/supervision/hooks.ts';
import { placeOf, type World } from '../actors/world.ts';
import { endAgentProcesses } from '../agents/end-agent-processes.ts';
import { childPath, type SupervisionHistory } from '../supervision/supervision-history.ts';
import type { Incident } from '../supervision/tree-description.ts';
import { nextQuarantine } from '../tasks/cooldown.ts';
import { exhaustionText } from './exhaustion-text.ts';

const agentPath = /^ensemble\/agents\/agent:([^/]+)$/u;

/** An agent's own supervisor has given up over `report.id`: its agent stays out. */
export function quarantineAgent(world: World, history: SupervisionHistory, report: SupervisorReport): void {
  const name = agentPath.exec(report.supervisor)?.[1];
  if (name === undefined) return;
  putInQuarantine(world, name, exhaustionText(world.config.restart, history, childPath(report)));
}

/**
 * Nobody starts the agent before its time is over, not even the next daemon on this store; what its program has left
 * running ends now, since the scheduler takes its task from it at once.
 */
export function putInQuarantine(world: World, name: string, reason: string): void {
  const presence = world.ports.presence.peek();
  const earlier = presence?.get(name)?.quarantine;
  const quarantine = nextQuarantine(earlier, world.config.restart, Date.now());
  presence?.set(name, { availability: 'quarantined', reason, quarantine });
  world.tell('agent.quarantined', name, {
    reason: `${reason}; \`orchestra agents revive ${name}\` brings it back`,
    until: quarantine.until,
  });
  endAgentProcesses(placeOf(world, name), { graceMs: 0 }).catch((error: Error) => {
    world.log.warn({ agent: name, err: error }, 'agent.processes.left');
  });
}

/** Since when and why the agent whose supervisor stands at `path` is in quarantine; null for one that is not. */
export function quarantineAt(world: World, path: string): Incident | null {
  const name = agentPath.exec(path)?.[1];
  const present = name === undefined ? undefined : world.ports.presence.peek()?.get(name);
  if (present?.availability !== 'quarantined') return null;
  return { at: Date.parse(present.since), reason: present.reason ?? 'unknown' };
}
