/** The composition root: the supervision tree of one orchestra, as OTP would list it. */
import type { AnyActorLogic, InputFrom } from 'xstate';
import type { Backoff } from '../machines/supervision/backoff.ts';
import type { ActorChildSpec, ChildStart } from '../machines/supervision/child-start.ts';
import type { SupervisorFlags } from '../machines/supervision/supervisor-flags.ts';
import { busActor } from './actors/bus.actor.ts';
import { configActor } from './actors/config.actor.ts';
import { controlActor } from './actors/control.actor.ts';
import { diskActor } from './actors/disk.actor.ts';
import { httpActor } from './actors/http.actor.ts';
import { journalActor } from './actors/journal.actor.ts';
import { mailboxActor } from './actors/mailbox.actor.ts';
import { natsServerActor } from './actors/nats-server.actor.ts';
import { outboxActor } from './actors/outbox.actor.ts';
import { outputActor } from './actors/output.actor.ts';
import { overviewActor } from './actors/overview.actor.ts';
import { paneActor } from './actors/pane.actor.ts';
import { schedulerActor } from './actors/scheduler.actor.ts';
import { sessionActor } from './actors/session.actor.ts';
import { sweeperActor } from './actors/sweeper.actor.ts';
import { killTmuxServer, tmuxServerActor } from './actors/tmux-server.actor.ts';
import { trackerActor } from './actors/tracker.actor.ts';
import { watchdogActor } from './actors/watchdog.actor.ts';
import { workActor } from './actors/work.actor.ts';
import { worktreesActor } from './actors/worktrees.actor.ts';
import { leavesPanes, type World } from './actors/world.ts';
import type { AgentPlace } from './agents/agent-place.ts';
import { endAgentProcesses } from './agents/end-agent-processes.ts';
import { childSpec, supervisorSpec } from './supervision/supervisor-spec.ts';

/**
 * How long every supervisor of the product waits before a restart: a crash is answered after a millisecond, a storm is
 * slowed down to one start in five seconds. XState sends synchronously, so restarts at once, as OTP makes them, would
 * give the event loop no turn until the supervisor gives up.
 */
export const backoff: Backoff = { min: 1, max: 5_000, factor: 4, jitter: 0 };

/** How the root looks after the four parts: whoever builds on a part that had to be given up starts anew with it. */
export const rootFlags = { strategy: 'rest_for_one', intensity: 3, period: 60, backoff } as const;

/** Infrastructure may fail a few times in a row, as when a port is still held, before it is given up. */
const patient: SupervisorFlags = { strategy: 'rest_for_one', intensity: 5, period: 60, backoff };

/** Parts that do not depend on each other, and that people can do without for a while. */
const independent: SupervisorFlags = { strategy: 'one_for_one', intensity: 10, period: 60, backoff };

/**
 * For who opens what has been stored for months, on a machine that may be busy with something else: begun anew too early,
 * it would only be slower still.
 */
const slow = { startTimeout: 120_000 } as const;

/** The actors that own something outside this process. */
const outwardActors = {
  natsServer: natsServerActor,
  bus: busActor,
  journal: journalActor,
  disk: diskActor,
  tmuxServer: (world: World) => tmuxServerActor(world),
  mailbox: (world: World, place: AgentPlace) => mailboxActor(world, place),
  worktrees: (world: World) => worktreesActor(world),
  tracker: (world: World) => trackerActor(world),
  config: configActor,
  overview: overviewActor,
  sweeper: (world: World) => sweeperActor(world),
  output: outputActor,
  http: httpActor,
};

/** What plays their parts; a simulation brings its own. */
export type OutwardActors = typeof outwardActors;

/** The children of the root, in start order. */
export function orchestraTree(world: World, outward: OutwardActors = outwardActors): ActorChildSpec[] {
  const { ports, config } = world;
  const places = [...world.places.values()];
  const eye = { agents: places.map(({ name }) => name), ...config.watchdog };
  return [
    supervisorSpec('broker', patient, [
      opened(
        'natsServer',
        outward.natsServer(world),
        { resource: 'nats-server' },
        { ...slow, kill: () => ports.natsServer.peek()?.stop(0) },
      ),
      opened('bus', outward.bus(world), { resource: 'bus' }, slow),
      opened('journal', outward.journal(world), { resource: 'journal' }, slow),
    ]),
    supervisorSpec('ensemble', patient, [
      opened(
        'tmuxServer',
        outward.tmuxServer(world),
        { resource: 'tmux' },
        { kill: () => killTmuxServer(world) },
      ),
      supervisorSpec(
        'agents',
        independent,
        places.map((place) => agentSpec(world, place, outward)),
      ),
    ]),
    supervisorSpec('work', patient, [
      opened('disk', outward.disk(world), { resource: 'disk' }),
      opened('worktrees', outward.worktrees(world), { subject: 'worktrees', interval: 60_000 }, slow),
      opened('tracker', outward.tracker(world), { subject: 'tracker', interval: 60_000 }, slow),
      opened('outbox', outboxActor(world), { resource: 'outbox' }, slow),
      started('scheduler', schedulerActor(world), { tick: config.scheduler.tick }),
    ]),
    supervisorSpec('services', independent, [
      opened('control', controlActor(world), { resource: 'control' }),
      started('watchdog', watchdogActor(world), eye),
      opened('config', outward.config(world), { resource: 'config file' }),
      started('overview', outward.overview(world), { subject: 'overview', interval: 1_000 }),
      started('sweeper', outward.sweeper(world), { subject: 'orphans', interval: config.sweep.interval }),
      started('output', outward.output(world), { subject: 'output', interval: 5_000 }),
      opened('http', outward.http(world), { resource: 'page' }, { kill: () => ports.http.peek()?.close() }),
    ]),
  ];
}

/**
 * One agent. Restarted too often, its supervisor ends with `shutdown`, which for a transient child is no crash: the
 * agent stays out, and the rest plays on. That is its quarantine: on record with its presence, it outlives every restart
 * above it, until a person revives the agent or its time is over.
 */
function agentSpec(world: World, place: AgentPlace, outward: OutwardActors): ActorChildSpec {
  const agent = { agent: place.name };
  const endProcesses = async () => {
    if (leavesPanes(world)) return;
    await endAgentProcesses(place, { graceMs: 0 });
  };
  const children = [
    opened('pane', paneActor(world, place), agent, { kill: endProcesses }),
    started('session', sessionActor(world, place), agent),
    started('work', workActor(world, place), agent),
    started('mailbox', outward.mailbox(world, place), agent),
  ];
  const { intensity, period } = world.config.restart;
  const flags: SupervisorFlags = { strategy: 'rest_for_one', intensity, period, backoff };
  return supervisorSpec(`agent:${place.name}`, flags, children, {
    restart: 'transient',
    declines: () => world.ports.presence.peek()?.get(place.name)?.availability === 'quarantined',
  });
}

/** A child that whoever comes after it needs: they are started when it is open. */
function opened<Logic extends AnyActorLogic>(
  id: string,
  logic: Logic,
  input: InputFrom<Logic>,
  options: Pick<ChildStart, 'kill' | 'startTimeout'> = {},
): ActorChildSpec {
  return childSpec({ id, start: { logic, input, ready: 'event', ...options }, shutdown: 10_000 });
}

/** A child that nobody waits for. */
function started<Logic extends AnyActorLogic>(
  id: string,
  logic: Logic,
  input: InputFrom<Logic>,
): ActorChildSpec {
  return childSpec({ id, start: { logic, input } });
}
