/** Where facts go: to the bus's outbox once there is one, and until then into a short memory. */
import type { Outbox } from '../bus/outbox.ts';

const memory = 10_000;

export class FactOutlet {
  #outbox: Outbox | undefined;
  readonly #early: { subject: string; body: object }[] = [];

  enqueue(subject: string, body: object): void {
    if (this.#outbox) this.#outbox.enqueue(subject, body);
    else if (this.#early.length < memory) this.#early.push({ subject, body });
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
