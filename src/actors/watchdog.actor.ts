/** The watchdog, bound to what tells of life (presence, reports, worktrees, processes) and to the bus for its remedies. */
import { fromCallback } from 'xstate';
import type { StallEvent } from '../../machines/stall.machine.ts';
import { watchdogMachine } from '../../machines/watchdog.machine.ts';
import { Turns } from '../agents/turns.ts';
import type { Presence } from '../tasks/agent-presence.ts';
import { endQuarantines } from './end-quarantines.ts';
import { Evidence } from './evidence.ts';
import { type AgentCommand, agentCommandSubject } from './serve-agent.ts';
import type { World } from './world.ts';

/** A remedy that is not answered in time is tried again at the next step, in ms. */
const remedyTimeout = 10_000;

export function watchdogActor(world: World) {
  return watchdogMachine.provide({
    actors: {
      senses: fromCallback(({ sendBack, input }) => {
        const sense = (agent: string, sign: StallEvent) => sendBack({ type: 'agent.sensed', agent, sign });
        const evidence = new Map(
          [...world.places.values()].map((place) => [place.name, new Evidence(world, place)]),
        );
        // A failed probe is no proof of death, and none of life.
        const tellProbeFailed = (agent: string) => (error: Error) =>
          world.log.debug({ agent, err: error }, 'watchdog.probe.failed');
        const begin = (agent: string, working: boolean) =>
          sense(agent, working ? { type: 'work.begun', at: Date.now() } : { type: 'work.ended' });
        const working = new Map<string, string | undefined>();
        const lookAt = ({ agent, availability, task }: Presence) => {
          const key = availability === 'working' ? task : undefined;
          if (working.has(agent) && working.get(agent) === key) return;
          working.set(agent, key);
          if (key !== undefined) evidence.get(agent)?.begin().catch(tellProbeFailed(agent));
          begin(agent, key !== undefined);
        };
        const presence = world.ports.presence.get();
        const stopPresence = presence.onChange(lookAt);
        // Those that were at work before anybody watched them, as after an adoption.
        for (const name of world.places.keys()) {
          const present = presence.get(name);
          if (present) lookAt(present);
        }
        const stopReports = [...world.places.values()].map(({ name, desk }) => {
          const heard = () => sense(name, { type: 'evidence.seen', at: Date.now() });
          desk.on('heard', heard);
          return () => desk.off('heard', heard);
        });
        const timer = setInterval(
          () => {
            for (const [name, one] of evidence) {
              one
                .look()
                .then((alive) => alive && sense(name, { type: 'evidence.seen', at: Date.now() }))
                .catch(tellProbeFailed(name));
            }
          },
          Math.max(input.stall / 10, 50),
        );
        return () => {
          stopPresence();
          for (const stop of stopReports) stop();
          clearInterval(timer);
        };
      }),
      parole: fromCallback(() => endQuarantines(world)),
      hands: fromCallback(({ receive }) => {
        // One after the other for each agent: a nudge that takes long must not be overtaken by the restart.
        const turns = new Map([...world.places.keys()].map((name) => [name, new Turns()]));
        receive(({ remedy, agent, evidenceAt }) => {
          const silentFor = Date.now() - evidenceAt;
          if (remedy === 'nudge') {
            const task = world.ports.presence.peek()?.get(agent)?.task ?? 'nothing';
            world.tell('agent.stalled', agent, {
              silentFor,
              evidence: `none since task ${task} was last heard of`,
            });
          }
          const turn = turns.get(agent)?.take(() => carryOut(world, agent, remedy));
          turn?.catch((error: Error) => {
            world.log.warn({ agent, remedy, err: error }, 'watchdog.remedy.failed');
          });
        });
      }),
    },
  });
}

async function carryOut(world: World, agent: string, remedy: AgentCommand): Promise<void> {
  const bus = world.ports.bus.get();
  await bus.request(agentCommandSubject(agent, remedy), { by: 'watchdog' }, { timeout: remedyTimeout });
}
