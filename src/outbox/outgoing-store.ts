/** The writes that wait, kept in a bucket and mirrored in memory; one daemon writes it. Carrying them out is done elsewhere. */
import { randomBytes } from 'node:crypto';
import type { Bucket } from '../bus/bucket.ts';
import {
  type Beginning,
  beginningKey,
  type OutboxRecord,
  type OutgoingWrite,
  toldKey,
  writeKey,
} from './outbox-record.ts';

/** Every method that stores rejects with BusErrors. */
export class OutgoingStore {
  readonly #bucket: Bucket<OutboxRecord>;
  readonly #writes = new Map<string, OutgoingWrite>();
  readonly #told = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  readonly beginning: Beginning;

  private constructor(bucket: Bucket<OutboxRecord>, beginning: Beginning) {
    this.#bucket = bucket;
    this.beginning = beginning;
  }

  /**
   * Reads what earlier daemons have recorded; a bucket without a beginning begins now.
   * @param tokens of the tasks that are there, by id: where it begins now, their results count as told
   */
  static async open(
    bucket: Bucket<OutboxRecord>,
    tokens: Readonly<Record<string, number>> = {},
  ): Promise<OutgoingStore> {
    const stored = await bucket.entries();
    const found = stored.get(beginningKey)?.value.entry;
    const store = new OutgoingStore(
      bucket,
      found?.kind === 'beginning' ? found : await begin(bucket, tokens),
    );
    // In the order in which they were recorded.
    const byAge = [...stored].sort(([, a], [, b]) => a.revision - b.revision);
    for (const [key, { value }] of byAge) {
      const { entry } = value;
      if (entry.kind === 'told') store.#told.set(key.slice(0, -toldKey('').length), entry.token);
      else if (entry.kind !== 'beginning') store.#writes.set(key, entry);
    }
    return store;
  }

  /** All that are not done yet, oldest first, given up ones included. */
  all(): OutgoingWrite[] {
    return [...this.#writes.values()];
  }

  get(key: string): OutgoingWrite | undefined {
    return this.#writes.get(key);
  }

  /** Up to which token a task's results have had their writes recorded; 0 for none. */
  toldUpTo(task: string): number {
    return this.#told.get(task) ?? this.beginning.told[task] ?? 0;
  }

  /** Calls `listener` when a write has come, gone or changed, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when the write is stored: from then on it will be made. One that waits already stays as it is. */
  async enqueue(write: OutgoingWrite): Promise<void> {
    const key = writeKey(write);
    if (this.#writes.has(key)) return;
    await this.#bucket.put(key, { version: 1, entry: write });
    this.#changed(key, write);
  }

  async noteTold(task: string, token: number): Promise<void> {
    await this.#bucket.put(toldKey(task), { version: 1, entry: { kind: 'told', token } });
    this.#told.set(task, token);
  }

  /** It is done, or no longer wanted. */
  async remove(write: OutgoingWrite): Promise<void> {
    const key = writeKey(write);
    await this.#bucket.erase(key);
    this.#changed(key, undefined);
  }

  /** Sets or, with null, takes back why it can never succeed. */
  async setGivenUp(write: OutgoingWrite, givenUp: string | null): Promise<void> {
    const key = writeKey(write);
    const changed = { ...write, givenUp };
    await this.#bucket.put(key, { version: 1, entry: changed });
    this.#changed(key, changed);
  }

  /** Stores again what is known here and a store that was damaged or made anew has lost; resolves with how much. */
  async reconcile(): Promise<number> {
    const stored = await this.#bucket.entries();
    const known = new Map<string, OutboxRecord['entry']>([
      [beginningKey, this.beginning],
      ...[...this.#told].map(([task, token]) => [toldKey(task), { kind: 'told', token }] as const),
      ...this.#writes,
    ]);
    const lost = [...known].filter(([key]) => !stored.has(key));
    for (const [key, entry] of lost) await this.#bucket.put(key, { version: 1, entry });
    return lost.length;
  }

  #changed(key: string, write: OutgoingWrite | undefined): void {
    if (write) this.#writes.set(key, write);
    else this.#writes.delete(key);
    for (const listener of this.#listeners) listener();
  }
}

async function begin(
  bucket: Bucket<OutboxRecord>,
  told: Readonly<Record<string, number>>,
): Promise<Beginning> {
  const id = randomBytes(5).toString('hex');
  const beginning: Beginning = { kind: 'beginning', id, since: new Date().toISOString(), told };
  await bucket.put(beginningKey, { version: 1, entry: beginning });
  return beginning;
}
