/** Agents that were restarted too often and are left alone until a person has looked; on record with their presence. */
import type { SupervisorReport } from '../../machines/supervision/hooks.ts';
import type { World } from '../actors/world.ts';
import { childPath, type SupervisionHistory } from '../supervision/supervision-history.ts';
import type { Incident } from '../supervision/tree-description.ts';
import { exhaustionText } from './exhaustion-text.ts';

const agentPath = /^ensemble\/agents\/agent:([^/]+)$/u;

/** An agent's own supervisor has given up over `report.id`: its agent stays out. */
export function quarantineAgent(world: World, history: SupervisionHistory, report: SupervisorReport): void {
  const name = agentPath.exec(report.supervisor)?.[1];
  if (name === undefined) return;
  putInQuarantine(world, name, exhaustionText(world.config.restart, history, childPath(report)));
}

/** Nobody starts the agent any more, not even the next daemon on this store. */
export function putInQuarantine(world: World, name: string, reason: string): void {
  world.ports.presence.peek()?.set(name, { availability: 'quarantined', reason });
  world.tell('agent.quarantined', name, {
    reason: `${reason}; \`orchestra agents revive ${name}\` brings it back`,
  });
}

/** Since when and why the agent whose supervisor stands at `path` is in quarantine; null for one that is not. */
export function quarantineAt(world: World, path: string): Incident | null {
  const name = agentPath.exec(path)?.[1];
  const present = name === undefined ? undefined : world.ports.presence.peek()?.get(name);
  if (present?.availability !== 'quarantined') return null;
  return { at: Date.parse(present.since), reason: present.reason ?? 'unknown' };
}
