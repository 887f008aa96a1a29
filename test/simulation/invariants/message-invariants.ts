/** What must hold of messages: each is handled once, in order, or a dead letter. */
import { z } from 'zod';
import type { InboxStream } from '../inbox-stream.ts';
import type { StoredBucket } from '../stored-bucket.ts';
import type { Complain } from './violation.ts';

const Handled = z.object({ highest: z.int(), ids: z.array(z.string()) });

export class MessageInvariants {
  readonly #complain: Complain;
  /** Sequence of each message that was not acknowledged, by its id. */
  readonly #stored = new Map<string, number>();
  readonly #handled = new Set<string>();
  readonly #highest = new Map<string, number>();
  #delivered = 0;
  #dead = 0;

  constructor(inbox: InboxStream, ledger: StoredBucket, complain: Complain) {
    this.#complain = complain;
    inbox.onStored = (id, sequence) => {
      if (!this.#stored.has(id)) this.#stored.set(id, sequence);
    };
    inbox.onAcknowledged = (id) => {
      if (!this.#handled.has(id)) complain('messages kept', `${id} was acknowledged and never handled`);
      this.#stored.delete(id);
    };
    ledger.onWrite.add((agent, text) => {
      if (text === undefined) return;
      const { ids, highest } = Handled.parse(JSON.parse(text));
      const id = ids.at(-1);
      if (id !== undefined) this.#handled.add(id);
      if (highest < (this.#highest.get(agent) ?? 0))
        complain('messages in order', `the ledger of ${agent} went back to ${highest}`);
      this.#highest.set(agent, highest);
    });
  }

  get delivered(): number {
    return this.#delivered;
  }

  get deadLetters(): number {
    return this.#dead;
  }

  /** The daemon says that it has handed a message over. */
  delivery(agent: string, id: string): void {
    this.#delivered += 1;
    if (this.#handled.has(id))
      this.#complain('messages once', `${agent} got ${id} again after it was handled`);
    const sequence = this.#stored.get(id) ?? 0;
    if (sequence < (this.#highest.get(agent) ?? 0))
      this.#complain('messages in order', `${agent} got ${id} after a later one`);
  }

  /** A program has got a line; those with a message name it at their end. */
  typed(agent: string, line: string): void {
    const [, id] = /^message from .* \((m\d+)\)$/.exec(line) ?? [];
    if (id !== undefined && this.#handled.has(id))
      this.#complain('messages once', `${id} was typed to ${agent} after it was handled`);
  }

  deadLetter(id: string): void {
    this.#dead += 1;
    this.#handled.add(id);
  }
}
