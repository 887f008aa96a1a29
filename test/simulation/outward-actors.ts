/** The actors of the outward resources, bound to what is simulated; the machines are the product's. */
import { fromCallback, fromPromise } from 'xstate';
import { reconcilerMachine } from '../../machines/reconciler.machine.ts';
import { type ResourceInput, resourceMachine } from '../../machines/resource.machine.ts';
import { mailboxActor } from '../../src/actors/mailbox.actor.ts';
import { openStores } from '../../src/actors/open-stores.ts';
import { outputActor } from '../../src/actors/output.actor.ts';
import { sweeperActor } from '../../src/actors/sweeper.actor.ts';
import { tmuxServerActor } from '../../src/actors/tmux-server.actor.ts';
import { trackerActor } from '../../src/actors/tracker.actor.ts';
import { worktreesActor } from '../../src/actors/worktrees.actor.ts';
import type { World } from '../../src/actors/world.ts';
import type { NatsServerProcess } from '../../src/nats-server/launch.ts';
import type { OutwardActors } from '../../src/orchestra.ts';
import type { Tmux } from '../../src/tmux/tmux.ts';
import { type DaemonLife, daemonPause } from './daemon-life.ts';
import { bucketOpener } from './memory-bucket.ts';
import type { Outside } from './outside.ts';
import { type Sabotage, sabotageTasks } from './sabotage.ts';
import { simulatedBus, simulatedOutbox } from './simulated-bus.ts';
import { mailboxOpener } from './simulated-mailbox.ts';
import { SimulatedTmux } from './simulated-tmux.ts';

export interface OutwardOptions {
  outside: Outside;
  life: DaemonLife;
  sabotage: Sabotage | undefined;
  onDeadLetter(id: string): void;
}

/** How often tracker and worktrees are looked at when nothing has changed: a year has half a million minutes. */
const reconcileInterval = 30 * 60_000;

const never = <Result>(): Promise<Result> => new Promise(() => undefined);

export function simulatedActors(options: OutwardOptions): OutwardActors {
  const { outside, life, sabotage } = options;
  const { broker, tracker, repository } = outside;
  const chance = outside.chance(`life ${life.number}`);
  const openInbox = mailboxOpener({
    broker,
    life,
    chance,
    sabotage,
    onDeadLetter: (_agent, id) => options.onDeadLetter(id),
  });
  const rarely = { delays: { interval: () => reconcileInterval } };
  return {
    natsServer: (world) => natsServerActor(world, options),
    bus: (world) => busActor(world, options),
    journal: idleResource,
    disk: idleResource,
    tmuxServer: (world) => tmuxServerActor(world, tmuxOpener(options)),
    mailbox: (world, place) => mailboxActor(world, place, openInbox),
    worktrees: (world) =>
      worktreesActor(world, async ({ directory }) => repository.open(directory)).provide(rarely),
    tracker: (world) => trackerActor(world, () => tracker.open(life)).provide(rarely),
    config: idleResource,
    overview: idleReconciler,
    sweeper: (world) => sweeperActor(world),
    output: (world) => outputActor(world).provide(rarely),
    http: idleResource,
  };
}

/** Started with the daemon, it dies with it; its store is the broker's. */
function natsServerActor({ ports }: World, { outside, life }: OutwardOptions) {
  const { broker } = outside;
  life.onEnd(() => broker.stop());
  return resourceMachine.provide({
    actors: {
      openResource: fromPromise(async () => {
        await daemonPause(150);
        broker.start();
        ports.natsServer.fill(serverProcess(outside, life));
      }),
      watchResource: fromPromise<void, ResourceInput>(async () => {
        await ports.natsServer.get().exited;
        ports.natsServer.empty();
        throw new Error('nats-server ended by itself');
      }),
      closeResource: fromPromise(async () => {
        broker.stop();
        ports.natsServer.empty();
      }),
    },
  });
}

const url = 'nats://127.0.0.1:14222';
const seedFile = (user: string): string => `/nowhere/${user}.nk`;

function serverProcess({ broker }: Outside, life: DaemonLife): NatsServerProcess {
  return {
    pid: 1,
    url,
    port: 14_222,
    replacedPort: undefined,
    exited: new Promise((resolve) => {
      broker.onStop(() => life.receive(1, () => resolve({ code: null, signal: 'SIGKILL' })));
    }),
    reload: () => Promise.resolve(),
    stop: async () => broker.stop(),
    seedFile,
    newestBlocks: [],
    unreadableStreams: [],
  };
}

/** The connection outlives its actor, as the real one does. */
function busActor(world: World, { outside, life, sabotage }: OutwardOptions) {
  const { ports, outlet } = world;
  const { broker } = outside;
  return resourceMachine.provide({
    actors: {
      openResource: fromPromise(async () => {
        const bus = ports.bus.peek() ?? simulatedBus(broker, life);
        world.natsAccess = { url, seedFile };
        await broker.answer(life, () => undefined);
        if (!outlet.outbox) outlet.connect(simulatedOutbox(broker));
        if (!ports.tasks.peek()) {
          await openStores(world, bus, bucketOpener(broker, life, sabotage));
          sabotageTasks(ports.tasks.get(), sabotage);
        }
        ports.bus.fill(bus);
      }),
      watchResource: fromPromise<void, ResourceInput>(() => never()),
      closeResource: fromPromise(() => Promise.resolve()),
    },
  });
}

/** Connects to the server, starting it if there is none. */
const tmuxOpener =
  ({ outside, life }: OutwardOptions) =>
  async (): Promise<Tmux> => {
    await daemonPause(30);
    outside.tmux.start();
    const played = new SimulatedTmux(outside.tmux, life, outside.chance(`tmux of life ${life.number}`));
    return played as Pick<Tmux, keyof Tmux> as Tmux;
  };

/** A resource that is there and of which nothing happens. */
function idleResource() {
  return resourceMachine.provide({
    actors: {
      openResource: fromPromise(() => Promise.resolve()),
      watchResource: fromPromise<void, ResourceInput>(() => never()),
      closeResource: fromPromise(() => Promise.resolve()),
    },
  });
}

function idleReconciler() {
  return reconcilerMachine.provide({
    delays: { interval: () => 24 * 3_600_000 },
    actors: {
      openSubject: fromPromise(() => Promise.resolve()),
      watchSubject: fromCallback(() => undefined),
      reconcile: fromPromise(() => Promise.resolve()),
      closeSubject: fromPromise(() => Promise.resolve()),
    },
  });
}
