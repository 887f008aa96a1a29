/** Where facts go: to the bus's outbox once there is one, and until then into a short memory. */
import type { Outbox } from '../bus/outbox.ts';

const memory = 10_000;

export class FactOutlet {
  readonly #onLost: (facts: number) => void;
  #outbox: Outbox | undefined;
  #lost = 0;
  readonly #early: { subject: string; body: object }[] = [];

  /** `onLost` hears, as soon as there is room for a word on it, how many facts had to be thrown away. */
  constructor(onLost: (facts: number) => void = () => {}) {
    this.#onLost = onLost;
  }

  enqueue(subject: string, body: object): void {
    if (!this.#take(subject, body)) {
      this.#lost += 1;
      return;
    }
    const lost = this.#lost;
    this.#lost = 0;
    if (lost > 0) this.#onLost(lost);
  }

  #take(subject: string, body: object): boolean {
    if (this.#outbox) return this.#outbox.enqueue(subject, body);
    if (this.#early.length >= memory) return false;
    this.#early.push({ subject, body });
    return true;
  }

  /** Facts told so far go first. */
  connect(outbox: Outbox): void {
    this.#outbox = outbox;
    for (const { subject, body } of this.#early.splice(0)) outbox.enqueue(subject, body);
  }

  get outbox(): Outbox | undefined {
    return this.#outbox;
  }
}
