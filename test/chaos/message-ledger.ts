/** Which messages were sent during a run, to whom, and what has to become of each. */

export interface SentMessage {
  /** Its `Nats-Msg-Id`. */
  readonly id: string;
  readonly to: string;
  /** A word that stands in its text and in no other's. */
  readonly word: string;
  /** `handled`: by the agent, once; `dead`: it cannot be read and belongs to the dead letters; `refused`: told so at sending. */
  readonly fate: 'handled' | 'dead' | 'refused';
}

export class MessageLedger {
  readonly sent: SentMessage[] = [];
  readonly #underWay = new Set<Promise<unknown>>();
  #count = 0;

  /** A new id and word; recorded only when it was sent. */
  draw(): { id: string; word: string } {
    this.#count += 1;
    return { id: `chaos-${this.#count}`, word: `word-${this.#count}-end` };
  }

  note(message: SentMessage): void {
    this.sent.push(message);
  }

  /** A sending that nobody else waits for. */
  follow(sending: Promise<unknown>): void {
    const followed = sending.catch(() => undefined).finally(() => this.#underWay.delete(followed));
    this.#underWay.add(followed);
  }

  /** Resolves when all that is followed is stored, or given up. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }
}
