/** A bucket on the simulated broker, as the daemon gets it from `openBucket`. */
import type { Bucket, BucketOptions, NewValue, OpenBucket, StoredValue } from '../../src/bus/bucket.ts';
import type { Bus } from '../../src/bus/bus.ts';
import type { DaemonLife } from './daemon-life.ts';
import type { Sabotage } from './sabotage.ts';
import type { SimulatedBroker } from './simulated-broker.ts';
import type { StoredBucket, StoredEntry } from './stored-bucket.ts';

/** How long a change is on its way to who watches, in ms. */
const watchLatency = 1;

export function bucketOpener(broker: SimulatedBroker, life: DaemonLife, sabotage?: Sabotage): OpenBucket {
  return async <Value>(_bus: Bus, name: string, options: BucketOptions<Value>): Promise<Bucket<Value>> => {
    const stored = await broker.answer(life, () => broker.bucket(name));
    const answer = <Result>(act: () => Result) => broker.answer(life, act);
    // Read and checked once in each daemon's life; what it has written itself it knows.
    const known = new WeakMap<StoredEntry, StoredValue<Value>>();
    const read = (key: string, entry: StoredEntry | undefined): StoredValue<Value> | undefined => {
      if (!entry) return undefined;
      const value = known.get(entry) ?? checked(options, key, entry);
      if (value) known.set(entry, value);
      return value;
    };
    const written = (key: string, value: Value, revision: number | 'conflict'): number | 'conflict' => {
      const entry = stored.entries.get(key);
      if (entry && revision !== 'conflict') known.set(entry, { value, revision });
      return revision;
    };
    return {
      get: (key) => answer(() => read(key, stored.entries.get(key))),
      create: (key, value) =>
        answer(() => {
          const made = isMaker(value) ? value(stored.deletedAt(key)) : value;
          const revision = written(key, made, stored.compareAndSet(key, JSON.stringify(made), 0));
          return revision === 'conflict' ? 'exists' : revision;
        }),
      update: (key, value, revision) =>
        answer(() => {
          const text = JSON.stringify(value);
          const now = sabotage === 'cas' ? stored.put(key, text) : stored.compareAndSet(key, text, revision);
          return written(key, value, now);
        }),
      put: (key, value) =>
        answer(() => {
          const revision = stored.put(key, JSON.stringify(value));
          written(key, value, revision);
          return revision;
        }),
      delete: (key) => answer(() => stored.delete(key)),
      erase: (key) => answer(() => stored.delete(key)),
      entries: () =>
        answer(() => {
          const found = new Map<string, StoredValue<Value>>();
          for (const [key, entry] of stored.entries) {
            const value = read(key, entry);
            if (value) found.set(key, value);
          }
          return found;
        }),
      watch: (watcher, { key: only, signal } = {}) =>
        watch(broker, life, stored, signal, (key, entry, revision, initial) => {
          if (only !== undefined && key !== only) return;
          const value = read(key, entry)?.value;
          if (value !== undefined || !entry) void watcher({ key, value, revision, initial });
        }),
    };
  };
}

type Change = (key: string, entry: StoredEntry | undefined, revision: number, initial: boolean) => void;

async function watch(
  broker: SimulatedBroker,
  life: DaemonLife,
  stored: StoredBucket,
  signal: AbortSignal | undefined,
  change: Change,
): Promise<void> {
  await broker.answer(life, () => {
    for (const [key, entry] of stored.entries) change(key, entry, entry.revision, true);
    const watcher: Parameters<typeof stored.watchers.add>[0] = (key, entry, revision) =>
      life.receive(watchLatency, () => {
        if (!signal?.aborted) change(key, entry, revision, false);
      });
    stored.watchers.add(watcher);
    const stop = () => stored.watchers.delete(watcher);
    life.onEnd(stop);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

function checked<Value>(
  { schema, onUnreadable }: BucketOptions<Value>,
  key: string,
  { text, revision }: StoredEntry,
): StoredValue<Value> | undefined {
  const parsed = schema.safeParse(JSON.parse(text));
  if (parsed.success) return { value: parsed.data, revision };
  onUnreadable?.(key, parsed.error.message);
  return undefined;
}

const isMaker = <Value>(value: NewValue<Value>): value is (deletedAt: number) => Value =>
  typeof value === 'function';
