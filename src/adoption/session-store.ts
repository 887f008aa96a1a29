/** The session records of all agents: answered from memory, stored behind everybody's back, as supervision never waits for the bus. */
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Bucket } from '../bus/bucket.ts';
import {
  changedRecord,
  type SessionChange,
  type SessionRecord,
  type SessionWriter,
} from './session-record.ts';

export interface SessionStoreOptions extends SessionWriter {
  bucket: Bucket<SessionRecord>;
  /** The bus refuses for now to store a record; said once for each row of refusals. */
  onUnstored(agent: string, error: unknown): void;
  /** Between two tries to store what the bus refuses, in ms. Default 1,000. */
  retryPause?: number;
}

interface Entry {
  record: SessionRecord;
  isStored: boolean;
}

/**
 * What was not stored in time cannot be proven by the next daemon, which then ends the program and starts it anew: that
 * is the worst that a lost write may cost.
 */
export class SessionStore {
  readonly #options: SessionStoreOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #storing = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();

  private constructor(options: SessionStoreOptions) {
    this.#options = options;
  }

  /** Reads what earlier daemons have written. @throws BusError */
  static async open(options: SessionStoreOptions): Promise<SessionStore> {
    const store = new SessionStore(options);
    for (const [agent, { value }] of await options.bucket.entries())
      store.#entries.set(agent, { record: value, isStored: true });
    return store;
  }

  get(agent: string): SessionRecord | undefined {
    return this.#entries.get(agent)?.record;
  }

  /** Notes what has changed. Never waits and never fails; changes made while one is on its way are stored as one. */
  update(agent: string, change: SessionChange): void {
    const record = changedRecord(agent, this.#options, this.get(agent), change);
    this.#entries.set(agent, { record, isStored: false });
    this.#startStoring(agent);
  }

  /** Stores again what a store that was damaged or made anew has lost. @throws BusError when it cannot be read */
  async reconcile(): Promise<void> {
    const stored = await this.#options.bucket.entries();
    for (const [agent, entry] of this.#entries) {
      if (isDeepStrictEqual(stored.get(agent)?.value, entry.record)) continue;
      entry.isStored = false;
      this.#startStoring(agent);
    }
  }

  /** Resolves when everything that was said of the agent so far is stored; rejects when `signal` aborts before. */
  async stored(agent: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    await Promise.race([this.#storing.get(agent), aborted]);
  }

  /** Nothing is stored any more. */
  close(): void {
    this.#stop.abort();
  }

  #startStoring(agent: string): void {
    if (!this.#storing.has(agent)) this.#storing.set(agent, this.#store(agent));
  }

  async #store(agent: string): Promise<void> {
    const { signal } = this.#stop;
    for (let isRefused = false; ; ) {
      const entry = this.#entries.get(agent);
      if (!entry || entry.isStored || signal.aborted) break;
      try {
        await this.#options.bucket.put(agent, entry.record);
        entry.isStored = true;
        isRefused = false;
      } catch (error) {
        if (!isRefused && !signal.aborted) this.#options.onUnstored(agent, error);
        isRefused = true;
        await delay(this.#options.retryPause ?? 1_000, undefined, { signal, ref: false }).catch(
          () => undefined,
        );
      }
    }
    this.#storing.delete(agent);
  }
}
