/** Everything around the daemon: it lives on when the daemon dies, and is what the invariants look at. */
import { type ProgramWitness, startProgram } from './agent-program.ts';
import { Chance } from './chance.ts';
import { SimulatedBroker } from './simulated-broker.ts';
import { SimulatedHost } from './simulated-host.ts';
import { SimulatedRepository } from './simulated-repository.ts';
import type { SimulatedTime } from './simulated-time.ts';
import { SimulatedTmuxServer } from './simulated-tmux-server.ts';
import { SimulatedTracker } from './simulated-tracker.ts';

export interface OutsideOptions {
  time: SimulatedTime;
  seed: number;
  agents: readonly string[];
  witness: ProgramWitness;
}

export class Outside {
  readonly time: SimulatedTime;
  readonly seed: number;
  readonly agents: readonly string[];
  readonly host: SimulatedHost;
  readonly broker: SimulatedBroker;
  readonly tracker: SimulatedTracker;
  readonly repository: SimulatedRepository;
  readonly tmux: SimulatedTmuxServer;
  readonly #letters: Chance;
  #messages = 0;

  constructor({ time, seed, agents, witness }: OutsideOptions) {
    this.time = time;
    this.seed = seed;
    this.agents = agents;
    this.host = new SimulatedHost(time);
    this.broker = new SimulatedBroker(time, this.chance('broker'));
    this.tracker = new SimulatedTracker(this.chance('tracker'));
    this.repository = new SimulatedRepository(this.chance('repository'));
    this.#letters = this.chance('letters');
    const world = {
      time,
      chance: this.chance('programs'),
      broker: this.broker,
      repository: this.repository,
      witness,
      write: (from: string) => void this.write(from),
    };
    this.tmux = new SimulatedTmuxServer(time, this.host, this.chance('tmux'), (place) =>
      startProgram(world, place),
    );
  }

  /** How many messages were written. */
  get messages(): number {
    return this.#messages;
  }

  /** A stream of numbers of its own for each part. */
  chance(name: string): Chance {
    return new Chance(this.seed, name);
  }

  /** An agent, or a person, writes to an agent, as `orchestra say` does: again until it is stored. */
  async write(from: string, text = 'how is it going?'): Promise<void> {
    const to = this.#letters.pick(this.agents.filter((agent) => agent !== from));
    if (to === undefined) return;
    this.#messages += 1;
    const id = `m${this.#messages}`;
    const body = text.trim() === '' ? text : `${text} (${id})`;
    while (!this.broker.isUp) await this.time.pass(1_000);
    this.broker.inbox.store(to, from, id, body);
    // The acknowledgement may be lost; the second try may come after the stream has forgotten the first.
    if (!this.#letters.happens(0.02)) return;
    await this.time.pass(this.#letters.between(500, 60_000));
    this.broker.inbox.store(to, from, id, body, this.#letters.happens(0.3));
  }
}
