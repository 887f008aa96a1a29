/** Lets agents out of quarantine when their time is over, whichever daemon has put them there. */
import type { Presence } from '../tasks/agent-presence.ts';
import type { World } from './world.ts';

/** The clock on the wall, by which quarantines end, may be set anew: it is looked at so often, in ms. */
const longestWait = 60_000;

/** Between two tries to start an agent while those who would are down themselves, in ms. */
const retryWait = 5_000;

/** @returns stops it */
export function endQuarantines(world: World): () => void {
  const presence = world.ports.presence.get();
  const timers = new Map<string, NodeJS.Timeout>();

  const wait = (agent: string, milliseconds: number) => {
    clearTimeout(timers.get(agent));
    timers.set(
      agent,
      setTimeout(() => lookAt(presence.get(agent)), milliseconds),
    );
  };
  const lookAt = (present: Presence | undefined) => {
    if (present?.availability !== 'quarantined' || !world.places.has(present.agent)) return;
    const { agent, quarantine } = present;
    const left = quarantine ? Date.parse(quarantine.until) - Date.now() : 0;
    if (left > 0) return wait(agent, Math.min(left, longestWait));
    if (world.stopping) return;
    world.reviveAgent(agent).then(
      () => world.tell('agent.paroled', agent, {}),
      (error: Error) => {
        world.log.warn({ agent, err: error }, 'agent.parole.failed');
        wait(agent, retryWait);
      },
    );
  };

  const stop = presence.onChange(lookAt);
  for (const agent of world.places.keys()) lookAt(presence.get(agent));
  return () => {
    stop();
    for (const timer of timers.values()) clearTimeout(timer);
  };
}
