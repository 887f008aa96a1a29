/** Follows the facts with a connection of our own for as long as the run lasts, and asks the daemon how it is. */
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Bus } from '../../src/bus/bus.ts';
import { connectBus } from '../../src/bus/connect-bus.ts';
import { readEvents } from '../../src/bus/read-events.ts';
import { ask } from '../../src/client/ask.ts';
import type { CommandName, CommandReply, CommandRequest } from '../../src/events/commands.ts';
import { type Fact, readFact } from '../../src/events/facts.ts';
import { readDaemonFile } from '../../src/state-folder/daemon-file.ts';
import type { Ground } from './ground.ts';

/** A fact as it was seen in the stream. */
export interface WitnessedFact extends Fact {
  readonly sequence: number;
  /** When the server stored it, ms since the epoch: our clock, unlike `at`, which is the daemon's. */
  readonly storedAt: number;
}

/**
 * What makes two facts the same one, wherever they stand in the stream: what a damaged block has lost and the daemon has
 * restored from it stands behind what came later.
 */
export const factKey = ({ name, about, at, body }: Fact): string => JSON.stringify([name, about, at, body]);

const answerTimeout = 1_000;
const startLimit = 60_000;

export class Witness {
  /** Each once, in the order in which they were first stored. */
  readonly facts: WitnessedFact[] = [];
  readonly #ground: Ground;
  readonly #over = new AbortController();
  #bus: Bus | undefined;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  get bus(): Bus {
    if (!this.#bus) throw new Error('there is no daemon yet');
    return this.#bus;
  }

  /** Connects when the daemon has said where, and begins to read. @throws Error when it has not within a minute */
  async open(): Promise<void> {
    const deadline = Date.now() + startLimit;
    while (Date.now() < deadline) {
      const announced = await readDaemonFile(this.#ground.state.daemonFile);
      if (announced) {
        const seed = (await readFile(announced.operatorKey, 'utf8')).trim();
        this.#bus = await connectBus({ url: announced.natsUrl, seed, name: 'chaos' });
        void this.#follow(this.#bus);
        return;
      }
      await pause(20, undefined, { signal: this.#over.signal });
    }
    throw new Error(`no daemon has come up; see ${this.#ground.root}/daemon.out`);
  }

  /** Undefined when nobody answers in time. */
  async ask<Verb extends CommandName>(
    verb: Verb,
    request: CommandRequest<Verb>,
  ): Promise<CommandReply<Verb> | undefined> {
    return ask(this.bus, verb, request, answerTimeout).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#over.abort();
    await this.#bus?.close(100);
  }

  /**
   * Reads from the beginning after each reconnection: behind it the stream may be another one, or have lost its end and
   * count on from an earlier place. What was read before is known by its content.
   */
  async #follow(bus: Bus): Promise<void> {
    const over = this.#over.signal;
    const known = new Set<string>();
    while (!over.aborted) {
      const renewed = new AbortController();
      const stop = bus.onStatus(() => renewed.abort());
      const signal = AbortSignal.any([over, renewed.signal]);
      try {
        for await (const { subject, body, sequence, time } of readEvents(bus, { follow: true, signal })) {
          const fact = readFact(subject, body);
          if (!fact || known.has(factKey(fact))) continue;
          known.add(factKey(fact));
          this.facts.push({ ...fact, sequence, storedAt: time.getTime() });
        }
      } catch {
        // The stream is gone, or being made anew: begun again below.
      }
      stop();
      await pause(100, undefined, { signal: over }).catch(() => undefined);
    }
  }
}
