/** Ends and starts one agent's whole subtree on request, as OTP's `terminate_child` and `restart_child` do. */
import { setTimeout as pause } from 'node:timers/promises';
import type { SupervisorRef } from '../../machines/supervisor.machine.ts';
import type { World } from '../actors/world.ts';
import { findSupervisor } from '../supervision/actor-tree.ts';
import { restartChild, terminateChild } from '../supervision/calls.ts';
import { errorText } from '../supervision/reason-text.ts';
import { putInQuarantine } from './quarantine.ts';

/** Between two tries to start an agent that was ended on request, in ms: its supervisor does not know that it has to live. */
const waits = [10, 100, 1_000, 5_000];

/**
 * Costs no restart intensity. @throws Error when the agents are down, or when it does not start however often that is
 * tried: then it is in quarantine, which ends by itself
 */
export async function restartAgent(world: World, root: SupervisorRef, name: string): Promise<void> {
  await terminateChild(agentsOf(root), childOf(name));
  for (const wait of waits) {
    try {
      return await start(agentsOf(root), name);
    } catch (error) {
      if (world.stopping) throw error;
      world.log.warn({ agent: name, err: error }, 'agent.start.failed');
      await pause(wait);
    }
  }
  await start(agentsOf(root), name).catch((error: unknown) => {
    if (!world.stopping) putInQuarantine(world, name, errorText(error));
    throw error;
  });
}

/**
 * Takes an agent out of quarantine and starts it, with a clean record of restarts. @throws Error when the agents are
 * down, or when it cannot start: then it is back in quarantine
 */
export async function reviveAgent(world: World, root: SupervisorRef, name: string): Promise<void> {
  const agents = agentsOf(root);
  world.ports.presence.get().set(name, { availability: 'starting' });
  try {
    await start(agents, name);
  } catch (error) {
    if (!world.stopping) putInQuarantine(world, name, errorText(error));
    throw error;
  }
}

async function start(agents: SupervisorRef, name: string): Promise<void> {
  const started = await restartChild(agents, childOf(name));
  if (started.ok || started.error === 'running' || started.error === 'restarting') return;
  const reason = started.error === 'start_failed' ? errorText(started.reason) : started.error;
  throw new Error(`${name} could not be started: ${reason}`);
}

function agentsOf(root: SupervisorRef): SupervisorRef {
  const agents = findSupervisor(root, 'ensemble/agents');
  if (!agents) throw new Error('the agents are down now; their supervisor brings them back');
  return agents;
}

const childOf = (name: string): string => `agent:${name}`;
