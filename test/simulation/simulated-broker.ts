/** nats-server as the simulation has it: a process that comes and goes, and a store that outlives it and the daemon. */
import { BusError } from '../../src/bus/bus-error.ts';
import { receivedMessage } from '../../src/bus/received-message.ts';
import { failedReply, type ReplyEnvelope } from '../../src/bus/reply-envelope.ts';
import type { RequestHandler } from '../../src/bus/serve.ts';
import type { Chance } from './chance.ts';
import type { DaemonLife } from './daemon-life.ts';
import { InboxStream } from './inbox-stream.ts';
import type { SimulatedTime } from './simulated-time.ts';
import { StoredBucket } from './stored-bucket.ts';

/** How well the broker answers at the moment. */
export interface BrokerWeather {
  /** The share of writes whose acknowledgement is lost. */
  lostAcknowledgements: number;
  /** Mean time of an answer, in ms. */
  latency: number;
}

interface Service {
  life: DaemonLife;
  handler: RequestHandler;
}

/** How long a client waits before it takes an answer for lost and asks again, in ms (src/bus). */
const answerTimeout = 520;

export class SimulatedBroker {
  /** Hears when it comes or goes, for who looks on. */
  onChange: () => void = () => {};
  readonly weather: BrokerWeather = { lostAcknowledgements: 0.0005, latency: 1 };
  readonly inbox: InboxStream;
  readonly #time: SimulatedTime;
  readonly #chance: Chance;
  readonly #buckets = new Map<string, StoredBucket>();
  readonly #services = new Map<string, Service>();
  readonly #waiting: (() => void)[] = [];
  readonly #stopListeners: (() => void)[] = [];
  #isUp = false;
  #isAnswering = true;
  #facts = 0;

  constructor(time: SimulatedTime, chance: Chance) {
    this.#time = time;
    this.#chance = chance;
    this.inbox = new InboxStream(time);
  }

  /** Whether it runs and answers. */
  get isUp(): boolean {
    return this.#isUp && this.#isAnswering;
  }

  get facts(): number {
    return this.#facts;
  }

  start(): void {
    this.#isUp = true;
    this.onChange();
    this.#wake();
  }

  stop(): void {
    this.#isUp = false;
    this.onChange();
    for (const listener of this.#stopListeners.splice(0)) listener();
  }

  /** Hears of its next end. */
  onStop(listener: () => void): void {
    this.#stopListeners.push(listener);
  }

  /** For a while it runs and says nothing. */
  fallSilent(milliseconds: number): void {
    this.#isAnswering = false;
    this.onChange();
    this.#time.after(milliseconds, () => {
      this.#isAnswering = true;
      this.onChange();
      this.#wake();
    });
  }

  bucket(name: string): StoredBucket {
    const known = this.#buckets.get(name);
    if (known) return known;
    const made = new StoredBucket(name);
    this.#buckets.set(name, made);
    return made;
  }

  /** For the daemon: what it asks for happens as soon as the broker is up, and is answered later, as from far away. */
  async answer<Result>(life: DaemonLife, act: () => Result): Promise<Result> {
    await this.whenUp(life);
    const result = act();
    const isLost = this.#chance.happens(this.weather.lostAcknowledgements);
    await this.#way(life, isLost ? answerTimeout + this.#latency() : this.#latency());
    // The question after a lost answer goes to a broker that may be away by then.
    if (!this.isUp) await this.whenUp(life);
    return result;
  }

  /** Resolves on the daemon's side. */
  whenUp(life: DaemonLife): Promise<void> {
    if (this.isUp) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(() => life.receive(this.#latency(), resolve));
    });
  }

  storeFact(): void {
    this.#facts += 1;
  }

  serve(life: DaemonLife, subject: string, handler: RequestHandler): () => void {
    const service = { life, handler };
    this.#services.set(subject, service);
    const forget = life.onEnd(() => stop());
    const stop = () => {
      forget();
      if (this.#services.get(subject) === service) this.#services.delete(subject);
    };
    return stop;
  }

  /** A request from outside the daemon, by an agent's program or a person. @throws BusError */
  async ask(subject: string, body: object, timeout = 5_000): Promise<unknown> {
    const asked = this.#ask(subject, body);
    const late = this.#time.pass(timeout).then(() => {
      throw new BusError('timeout', `${subject} did not answer within ${timeout} ms`);
    });
    return answered(await Promise.race([asked, late]));
  }

  /** The same from the daemon itself. @throws BusError */
  async askFromDaemon(life: DaemonLife, subject: string, body: object, timeout: number): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new BusError('timeout', `${subject} did not answer`)), timeout);
    });
    try {
      const asked = this.whenUp(life).then(() => this.#handled(subject, body, life));
      return answered(await Promise.race([asked, late]));
    } finally {
      clearTimeout(timer);
    }
  }

  async #ask(subject: string, body: object): Promise<ReplyEnvelope> {
    if (!this.isUp) return new Promise(() => undefined);
    await this.#time.pass(this.#latency());
    const service = this.#services.get(subject);
    if (!service) throw new BusError('no-responder', `nobody serves ${subject}`);
    const reply = await this.#handled(subject, body, service.life);
    await this.#time.pass(this.#latency());
    // What is answered while the connection is down is lost.
    return this.isUp ? reply : new Promise(() => undefined);
  }

  #handled(subject: string, body: object, life: DaemonLife): Promise<ReplyEnvelope> {
    const service = this.#services.get(subject);
    if (!service) throw new BusError('no-responder', `nobody serves ${subject}`);
    const data = new TextEncoder().encode(JSON.stringify(body));
    return new Promise((resolve) => {
      life.receive(this.#latency(), () => {
        const message = receivedMessage({ subject, data });
        void handle(service.handler, message.json(), message).then(resolve);
      });
    });
  }

  #wake(): void {
    if (!this.isUp) return;
    for (const wake of this.#waiting.splice(0)) wake();
    this.inbox.wake();
  }

  #latency(): number {
    const { latency } = this.weather;
    return Math.max(
      1,
      Math.round(this.#chance.happens(0.05) ? this.#chance.exponential(latency * 20) : latency),
    );
  }

  #way(life: DaemonLife, milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      life.receive(milliseconds, resolve);
    });
  }
}

async function handle(
  handler: RequestHandler,
  body: unknown,
  message: Parameters<RequestHandler>[1],
): Promise<ReplyEnvelope> {
  try {
    return { ok: true, value: await handler(body, message) };
  } catch (error) {
    return failedReply(error);
  }
}

function answered(reply: ReplyEnvelope): unknown {
  if (reply.ok) return reply.value;
  throw new BusError('refused', reply.error.message, { remoteCode: reply.error.code });
}
