/** The composition root: the supervision tree of one orchestra, as OTP would list it. */
import type { ActorChildSpec } from '../machines/supervision/child-start.ts';
import type { SupervisorFlags } from '../machines/supervision/supervisor-flags.ts';
import { busActor } from './actors/bus.actor.ts';
import { configActor } from './actors/config.actor.ts';
import { controlActor } from './actors/control.actor.ts';
import { mailboxActor } from './actors/mailbox.actor.ts';
import { natsServerActor } from './actors/nats-server.actor.ts';
import { overviewActor } from './actors/overview.actor.ts';
import { paneActor } from './actors/pane.actor.ts';
import { schedulerActor } from './actors/scheduler.actor.ts';
import { sessionActor } from './actors/session.actor.ts';
import { tmuxServerActor } from './actors/tmux-server.actor.ts';
import { trackerActor } from './actors/tracker.actor.ts';
import { watchdogActor } from './actors/watchdog.actor.ts';
import { workActor } from './actors/work.actor.ts';
import { worktreesActor } from './actors/worktrees.actor.ts';
import type { World } from './actors/world.ts';
import type { AgentPlace } from './agents/agent-place.ts';
import { markVariable } from './agents/agent-place.ts';
import { endMarkedProcesses } from './processes/end-marked-processes.ts';
import { childSpec, supervisorSpec } from './supervision/supervisor-spec.ts';

/** How the root looks after the four parts: whoever builds on a part that had to be given up starts anew with it. */
export const rootFlags: SupervisorFlags = { strategy: 'rest_for_one', intensity: 3, period: 60 };

/** Infrastructure may fail a few times in a row, as when a port is still held, before it is given up. */
const patient: SupervisorFlags = { strategy: 'rest_for_one', intensity: 5, period: 60 };

/** The children of the root, in start order. */
export function orchestraTree(world: World): ActorChildSpec[] {
  const { config } = world;
  const agents = [...world.places.values()];
  const eye = { agents: agents.map(({ name }) => name), ...config.watchdog };
  return [
    supervisorSpec('broker', patient, [
      childSpec({
        id: 'natsServer',
        start: {
          logic: natsServerActor(world),
          input: { resource: 'nats-server' },
          ready: 'event',
          kill: () => world.ports.natsServer.peek()?.stop(0),
        },
        shutdown: 10_000,
      }),
      childSpec({ id: 'bus', start: { logic: busActor(world), input: { resource: 'bus' }, ready: 'event' } }),
    ]),
    supervisorSpec('ensemble', patient, [
      childSpec({
        id: 'tmuxServer',
        start: {
          logic: tmuxServerActor(world),
          input: { resource: 'tmux' },
          ready: 'event',
          kill: () => world.ports.tmux.peek()?.shutDown(),
        },
        shutdown: 10_000,
      }),
      supervisorSpec(
        'agents',
        { strategy: 'one_for_one', intensity: 10, period: 60 },
        agents.map((place) => agentSpec(world, place)),
      ),
    ]),
    supervisorSpec('work', patient, [
      childSpec({
        id: 'worktrees',
        start: {
          logic: worktreesActor(world),
          input: { subject: 'worktrees', interval: 60_000 },
          ready: 'event',
        },
      }),
      childSpec({
        id: 'tracker',
        start: {
          logic: trackerActor(world),
          input: { subject: 'tracker', interval: 60_000 },
          ready: 'event',
        },
      }),
      childSpec({
        id: 'scheduler',
        start: { logic: schedulerActor(world), input: { tick: config.scheduler.tick } },
      }),
    ]),
    supervisorSpec('services', { strategy: 'one_for_one', intensity: 10, period: 60 }, [
      childSpec({
        id: 'control',
        start: { logic: controlActor(world), input: { resource: 'control' }, ready: 'event' },
      }),
      childSpec({ id: 'watchdog', start: { logic: watchdogActor(world), input: eye } }),
      childSpec({
        id: 'config',
        start: { logic: configActor(world), input: { resource: 'config file' }, ready: 'event' },
      }),
      childSpec({
        id: 'overview',
        start: { logic: overviewActor(world), input: { subject: 'overview', interval: 1_000 } },
      }),
    ]),
  ];
}

/**
 * One agent. Restarted too often, its supervisor ends with `shutdown`, which for a transient child is no crash: the
 * agent stays out, in quarantine, and the rest plays on.
 */
function agentSpec(world: World, place: AgentPlace): ActorChildSpec {
  const { name } = place;
  const input = { agent: name };
  const kill = async () => {
    await endMarkedProcesses(markVariable, place.mark, { graceMs: 0 });
  };
  return supervisorSpec(
    `agent:${name}`,
    { strategy: 'rest_for_one', ...world.config.restart },
    [
      childSpec({ id: 'pane', start: { logic: paneActor(world, place), input, ready: 'event', kill } }),
      childSpec({ id: 'session', start: { logic: sessionActor(world, place), input } }),
      childSpec({ id: 'work', start: { logic: workActor(world, place), input } }),
      childSpec({ id: 'mailbox', start: { logic: mailboxActor(world, place), input } }),
    ],
    { restart: 'transient' },
  );
}
