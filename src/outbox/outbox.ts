/** The outbox as a whole: what it records, what it carries out, and what people may see and ask of it. */
import type { WaitingWrite } from '../events/commands.ts';
import type { DeliveryLane } from './delivery-lane.ts';
import { type OutgoingWrite, writeKey } from './outbox-record.ts';
import type { OutgoingStore } from './outgoing-store.ts';
import type { ResultRecorder } from './result-recorder.ts';

export interface OutboxParts {
  readonly recorder: ResultRecorder;
  readonly comments: DeliveryLane<'comment'>;
  readonly pushes: DeliveryLane<'push'>;
}

export class Outbox {
  readonly #store: OutgoingStore;
  readonly #parts: OutboxParts;

  constructor(store: OutgoingStore, parts: OutboxParts) {
    this.#store = store;
    this.#parts = parts;
  }

  /** Whether everything that can be written now is written. */
  get isSettled(): boolean {
    const { recorder, comments, pushes } = this.#parts;
    return recorder.isSettled && comments.isSettled && pushes.isSettled;
  }

  /** Oldest first. */
  waiting(): WaitingWrite[] {
    return this.#store.all().map((write) => ({
      key: writeKey(write),
      kind: write.kind,
      task: write.task,
      since: write.at,
      reason: write.givenUp ?? this.#lane(write).reasonOf(write),
      isGivenUp: write.givenUp !== null,
    }));
  }

  /** Tries all that waits at once, given up ones included, or only one. False when there is none of that key. */
  async retry(key?: string): Promise<boolean> {
    const writes = this.#chosen(key);
    for (const lane of [this.#parts.comments, this.#parts.pushes]) lane.forgive();
    for (const write of writes) if (write.givenUp !== null) await this.#store.setGivenUp(write, null);
    return key === undefined || writes.length > 0;
  }

  /** Forgets a write that was given up. False when there is none of that key. */
  async drop(key: string): Promise<boolean> {
    const given = this.#chosen(key).filter(({ givenUp }) => givenUp !== null);
    for (const write of given) await this.#store.remove(write);
    return given.length > 0;
  }

  /** Goes on until `signal` aborts; rejects then, or upon what nobody expects. */
  async run(signal: AbortSignal): Promise<void> {
    const { recorder, comments, pushes } = this.#parts;
    // Where one breaks the others must not go on beside their successors.
    const ended = new AbortController();
    const both = AbortSignal.any([signal, ended.signal]);
    try {
      await Promise.race([recorder, comments, pushes].map((part) => part.run(both)));
    } finally {
      ended.abort();
    }
  }

  #chosen(key: string | undefined): OutgoingWrite[] {
    return this.#store.all().filter((write) => key === undefined || writeKey(write) === key);
  }

  #lane({ kind }: OutgoingWrite): DeliveryLane<'comment'> | DeliveryLane<'push'> {
    return kind === 'comment' ? this.#parts.comments : this.#parts.pushes;
  }
}
