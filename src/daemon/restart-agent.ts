/** Ends one agent's whole subtree in good order and starts it anew, as OTP's `terminate_child` and `restart_child` do. */
import type { SupervisorRef } from '../../machines/supervisor.machine.ts';
import { findSupervisor } from '../supervision/actor-tree.ts';
import { restartChild, terminateChild } from '../supervision/calls.ts';

/** Costs no restart intensity, and brings an agent back from quarantine. @throws Error when the agents are down or it cannot start */
export async function restartAgent(root: SupervisorRef, name: string): Promise<void> {
  const agents = findSupervisor(root, 'ensemble/agents');
  if (!agents) throw new Error('the agents are down now; their supervisor brings them back');
  const child = `agent:${name}`;
  await terminateChild(agents, child);
  const restarted = await restartChild(agents, child);
  if (!restarted.ok) throw new Error(`${name} could not be started again: ${restarted.error}`);
}
