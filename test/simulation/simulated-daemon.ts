/** One daemon of the simulation: the product's own tree, machines and stores over what is simulated. */
import { join } from 'node:path';
import { pino } from 'pino';
import type { World } from '../../src/actors/world.ts';
import type { Config } from '../../src/config/config.ts';
import { createWorld } from '../../src/daemon/create-world.ts';
import { type RaisedTree, raiseTree } from '../../src/daemon/raise-tree.ts';
import type { FactName } from '../../src/events/facts.ts';
import { orchestraTree } from '../../src/orchestra.ts';
import { stateFolder } from '../../src/state-folder/state-folder.ts';
import { endOf, shutDown } from '../../src/supervision/shut-down.ts';
import type { SupervisorDescription } from '../../src/supervision/tree-description.ts';
import { DaemonLife } from './daemon-life.ts';
import type { Outside } from './outside.ts';
import { simulatedActors } from './outward-actors.ts';
import type { Sabotage } from './sabotage.ts';

export interface DaemonOptions {
  outside: Outside;
  /** Counts the daemons from 1. */
  number: number;
  config: Config;
  /** Where its files are. */
  folder: string;
  sabotage: Sabotage | undefined;
  hear(fact: FactName, about: string, body: object): void;
  onDeadLetter(id: string): void;
  /** The root has ended unasked. */
  onGivenUp(): void;
}

export class SimulatedDaemon {
  readonly life: DaemonLife;
  readonly world: World;
  readonly #tree: RaisedTree;
  #isStarted = false;

  constructor({ outside, number, config, folder, sabotage, ...options }: DaemonOptions) {
    this.life = new DaemonLife(number, outside.time);
    const configFile = join(folder, 'config', 'orchestra.yaml');
    const state = stateFolder(join(folder, 'state'));
    this.world = createWorld({ configFile, project: folder, config, state }, pino({ level: 'silent' }));
    const { tell } = this.world;
    this.world.tell = (name, about, body) => {
      tell(name, about, body);
      options.hear(name, about, body);
    };
    const { life, world } = this;
    const { onDeadLetter } = options;
    const actors = simulatedActors({ outside, life, sabotage, onDeadLetter });
    this.#tree = raiseTree(world, orchestraTree(world, actors));
    const { supervisor, started } = this.#tree.root;
    void started.then(({ ok }) => {
      this.#isStarted = ok;
    });
    void endOf(supervisor).then(() => {
      if (!world.stopping && !life.isOver) options.onGivenUp();
    });
  }

  /** Whether every child runs, but for agents in quarantine, and every other agent can take work or works. */
  get isWhole(): boolean {
    return this.#isStarted && isWhole(this.world.describeTree()) && this.#agentsAreReady();
  }

  /** What is missing from that, for people. */
  get whatIsMissing(): string {
    const presence = this.world.ports.presence.peek();
    const agents = [...this.world.places.keys()].map((name) => {
      const { availability = 'unknown', since = '' } = presence?.get(name) ?? {};
      return ready.has(availability) ? '' : `${name} is ${availability} since ${since}`;
    });
    return [...missing(this.world.describeTree()), ...agents].filter((part) => part !== '').join(', ');
  }

  /** The paths of all children that run. */
  get runningPaths(): string[] {
    return this.#isStarted ? running(this.world.describeTree()) : [];
  }

  /** As `orchestra tree kill` does. */
  kill(path: string): void {
    const victim = this.world.victimAt(path);
    if (victim.ok) victim.kill();
  }

  /** As SIGTERM does: in good order. Resolves when it has ended, and its life is over. */
  async stop(): Promise<void> {
    const { world, life } = this;
    world.stopping = true;
    await shutDown(this.#tree.root.supervisor, world.config.shutdown.timeout);
    world.ports.presence.peek()?.close();
    world.ports.sessions.peek()?.close();
    world.ports.tasks.peek()?.close();
    life.end();
  }

  #agentsAreReady(): boolean {
    const presence = this.world.ports.presence.peek();
    return [...this.world.places.keys()].every((name) => ready.has(presence?.get(name)?.availability ?? ''));
  }
}

/** Of an agent that can take work, has some, or is not wanted to. */
const ready: ReadonlySet<string> = new Set(['idle', 'working', 'quarantined']);

function missing({ children }: SupervisorDescription): string[] {
  return children.flatMap(({ path, state, supervisor, value }) => {
    if (state !== 'running' && state !== 'quarantined')
      return [`${path} is ${state} ${JSON.stringify(value)}`];
    return supervisor ? missing(supervisor) : [];
  });
}

function isWhole({ children }: SupervisorDescription): boolean {
  return children.every(
    ({ state, supervisor }) =>
      state === 'quarantined' || (state === 'running' && (supervisor === null || isWhole(supervisor))),
  );
}

function running({ children }: SupervisorDescription): string[] {
  return children.flatMap(({ path, state, supervisor }) =>
    state === 'running' ? [path, ...(supervisor ? running(supervisor) : [])] : [],
  );
}
