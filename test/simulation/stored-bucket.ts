/** One key-value bucket as it lies on the broker's disk: revisions, compare-and-set, and who watches it. */

export interface StoredEntry {
  text: string;
  revision: number;
}

/** `text` is undefined when the key was deleted; `before` is what stood there. */
export type WriteListener = (key: string, text: string | undefined, before: string | undefined) => void;

type Watcher = (key: string, entry: StoredEntry | undefined, revision: number) => void;

export class StoredBucket {
  readonly name: string;
  readonly entries = new Map<string, StoredEntry>();
  /** Looks at every write from outside, as the invariants do. */
  readonly onWrite = new Set<WriteListener>();
  readonly watchers = new Set<Watcher>();
  readonly #deletions = new Map<string, number>();
  #sequence = 0;

  constructor(name: string) {
    this.name = name;
  }

  put(key: string, text: string): number {
    this.#sequence += 1;
    const before = this.entries.get(key);
    const entry = { text, revision: this.#sequence };
    this.entries.set(key, entry);
    for (const listener of this.onWrite) listener(key, text, before?.text);
    for (const watcher of this.watchers) watcher(key, entry, entry.revision);
    return entry.revision;
  }

  /** Stores when `revision` is the newest; 0: when there is none. */
  compareAndSet(key: string, text: string, revision: number): number | 'conflict' {
    return (this.entries.get(key)?.revision ?? 0) === revision ? this.put(key, text) : 'conflict';
  }

  delete(key: string): void {
    const before = this.entries.get(key);
    this.#sequence += 1;
    this.entries.delete(key);
    this.#deletions.set(key, this.#sequence);
    for (const listener of this.onWrite) listener(key, undefined, before?.text);
    for (const watcher of this.watchers) watcher(key, undefined, this.#sequence);
  }

  /** The revision at which a key was deleted; 0 without a trace of that. */
  deletedAt(key: string): number {
    return this.#deletions.get(key) ?? 0;
  }
}
