/** The inbox stream and its durable consumers as they lie on the broker's disk: in order, acknowledged, delivered again. */
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import type { SimulatedTime } from './simulated-time.ts';

export interface InboxMessage {
  subject: string;
  seq: number;
  time: Date;
  data: Uint8Array;
  headers: MsgHdrs;
}

interface Consumer {
  messages: InboxMessage[];
  /** Until when the first of them is somebody's, in simulated ms. */
  inHandUntil: number;
  waiting: Set<() => void>;
}

const utf8 = new TextEncoder();

export class InboxStream {
  /** When it was made, ISO 8601. */
  readonly created = new Date().toISOString();
  /** For who looks on. */
  onStored: (id: string, sequence: number) => void = () => {};
  onAcknowledged: (id: string) => void = () => {};
  readonly #time: SimulatedTime;
  readonly #consumers = new Map<string, Consumer>();
  readonly #ids = new Set<string>();
  #sequence = 0;

  constructor(time: SimulatedTime) {
    this.#time = time;
  }

  /** Stores a message; one whose id is known is stored again only when `isForgotten`: its duplicate window is over. */
  store(to: string, from: string, id: string, text: string, isForgotten = false): number {
    if (this.#ids.has(id) && !isForgotten) return this.#sequence;
    this.#ids.add(id);
    this.#sequence += 1;
    const header = headers();
    header.set('Nats-Msg-Id', id);
    header.set('Content-Type', 'text/plain; charset=utf-8');
    const consumer = this.#consumer(to);
    consumer.messages.push({
      subject: `orchestra.agent.${to}.inbox.${from}`,
      seq: this.#sequence,
      time: new Date(),
      data: utf8.encode(text),
      headers: header,
    });
    this.onStored(id, this.#sequence);
    this.#wake(consumer);
    return this.#sequence;
  }

  /** Since when the first message has waited for this agent, in ms since the epoch. */
  waitingSince(agent: string): number | undefined {
    return this.#consumer(agent).messages[0]?.time.getTime();
  }

  /** How many messages wait for this agent. */
  waiting(agent: string): number {
    return this.#consumer(agent).messages.length;
  }

  /** The first message that nobody has in hand; it is the taker's for `ackWait` ms. */
  take(agent: string, ackWait: number): InboxMessage | undefined {
    const consumer = this.#consumer(agent);
    const [first] = consumer.messages;
    if (!first || consumer.inHandUntil > this.#time.elapsed) return undefined;
    consumer.inHandUntil = this.#time.elapsed + ackWait;
    return first;
  }

  /** When `take` may give something, in ms from now; undefined when nothing is there. */
  dueIn(agent: string): number | undefined {
    const { messages, inHandUntil } = this.#consumer(agent);
    return messages.length === 0 ? undefined : Math.max(1, inHandUntil - this.#time.elapsed);
  }

  /** The taker is still at it. */
  working(agent: string, ackWait: number): void {
    this.#consumer(agent).inHandUntil = this.#time.elapsed + ackWait;
  }

  acknowledge(agent: string, sequence: number): void {
    const consumer = this.#consumer(agent);
    const [first] = consumer.messages;
    if (first?.seq !== sequence) return;
    this.onAcknowledged(first.headers.get('Nats-Msg-Id'));
    consumer.messages.shift();
    consumer.inHandUntil = 0;
    this.#wake(consumer);
  }

  giveBack(agent: string): void {
    const consumer = this.#consumer(agent);
    consumer.inHandUntil = 0;
    this.#wake(consumer);
  }

  /** Calls `listener` when there may be something to take. @returns ends it */
  onNews(agent: string, listener: () => void): () => void {
    const { waiting } = this.#consumer(agent);
    waiting.add(listener);
    return () => waiting.delete(listener);
  }

  wake(): void {
    for (const consumer of this.#consumers.values()) this.#wake(consumer);
  }

  #consumer(agent: string): Consumer {
    const known = this.#consumers.get(agent);
    if (known) return known;
    const made: Consumer = { messages: [], inHandUntil: 0, waiting: new Set() };
    this.#consumers.set(agent, made);
    return made;
  }

  #wake({ waiting }: Consumer): void {
    for (const listener of waiting) listener();
  }
}
