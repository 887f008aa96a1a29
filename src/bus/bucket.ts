/** Typed key-value buckets: small records that are read, watched, and changed by compare-and-set. */
import type { JsMsg } from '@nats-io/jetstream';
import type { z } from 'zod';
import { readEntry } from './bucket-entry.ts';
import { type BucketPlace, bucketPlace, checkKey } from './bucket-place.ts';
import { type BucketWatcher, type WatchOptions, watchBucket } from './bucket-watch.ts';
import { compareAndSet, putEntry } from './bucket-write.ts';
import type { Bus } from './bus.ts';
import { BusError } from './bus-error.ts';
import { caughtUp, readStream } from './read-stream.ts';
import { ensureStream } from './streams.ts';
import type { UnreadableRecord } from './unreadable-record.ts';
import { untilAnswered } from './until-answered.ts';

export interface BucketOptions<Value> {
  schema: z.ZodType<Value>;
  /**
   * How many revisions of a key are kept, at least. Never fewer than 4: by its successors is told whether a compare-and-set
   * whose acknowledgement was lost has happened.
   */
  history?: number;
  /** Reserved; when it is reached, writing fails with `no-space`. Default 16 MiB. */
  maxBytes?: number;
  /** Hears of a stored value that is no JSON or does not fit the schema; it counts as not there. `Bus.onUnreadable` hears of all. */
  onUnreadable?: (key: string, reason: string) => void;
}

/** Values are JSON, so a function is never one. */
export type NewValue<Value> = Value | ((deletedAt: number) => Value);

export interface StoredValue<Value> {
  value: Value;
  revision: number;
}

/** Every write is tried again until it is acknowledged. Errors are BusErrors: `no-space`, `denied`, `closed`, `too-large`, `bad-key`. */
export interface Bucket<Value> {
  /** Undefined when there is none, it was deleted, or it cannot be read. */
  get(key: string): Promise<StoredValue<Value> | undefined>;
  /**
   * Resolves with the revision. A value that has to know where it comes is made from the revision at which an earlier one
   * was deleted, 0 when there is no trace of any. @throws BusError `outcome-unknown`: see `update`
   */
  create(key: string, value: NewValue<Value>): Promise<number | 'exists'>;
  /**
   * Stores if `revision` is still the newest; resolves with the new one.
   * @throws BusError `outcome-unknown` when the acknowledgement was lost and others have since written more than the history keeps
   */
  update(key: string, value: Value, revision: number): Promise<number | 'conflict'>;
  put(key: string, value: Value): Promise<number>;
  delete(key: string): Promise<void>;
  /**
   * Deletes a key with all its revisions, so that only a marker of some 200 bytes takes room: without one an erased key
   * would be as one that was lost.
   */
  erase(key: string): Promise<void>;
  /** Everything that is stored, by key. */
  entries(): Promise<Map<string, StoredValue<Value>>>;
  /**
   * Resolves when `watcher` has got all that is stored; then goes on with every change until `signal` aborts or the bus is
   * closed, reconnects included.
   */
  watch(watcher: BucketWatcher<Value>, options?: WatchOptions): Promise<void>;
}

const utf8 = new TextEncoder();

/** What a bucket reserves where nothing else is said. */
export const defaultBucketBytes = 16 * 1024 ** 2;

/** The duplicate window of KV buckets as nats.js makes them, in ms. */
const duplicateWindow = 2 * 60_000;
const fewestRevisions = 4;
/** nats-server's limit. */
const mostRevisions = 64;

/** How a bucket is opened; what only reads and writes buckets takes any of them. */
export type OpenBucket = typeof openBucket;

/** Makes the bucket if there is none. @throws BusError `stream-mismatch`, `no-space`, `denied` */
export async function openBucket<Value>(
  bus: Bus,
  name: string,
  options: BucketOptions<Value>,
): Promise<Bucket<Value>> {
  const { connection } = bus;
  const { schema, history = 8, maxBytes = defaultBucketBytes, onUnreadable = () => {} } = options;
  const place = bucketPlace(name);
  await ensureStream(connection, {
    name: place.stream,
    description: `Bucket ${name}`,
    subjects: [place.subject('>')],
    maxBytes,
    maxAge: 0,
    maxMessagesPerSubject: Math.min(mostRevisions, Math.max(fewestRevisions, history)),
    duplicateWindow,
    discard: 'new',
    bucket: true,
  });
  const encode = (value: Value) => utf8.encode(JSON.stringify(value));
  const reader = {
    place,
    schema,
    onUnreadable: (record: UnreadableRecord) => {
      onUnreadable(record.key, record.reason);
      connection.foundUnreadable(record);
    },
  };

  return {
    async get(key) {
      const message = await lastMessage(bus, place, key);
      const entry = message && readEntry(reader, message);
      return entry?.value === undefined ? undefined : { value: entry.value, revision: entry.revision };
    },
    async create(key, value) {
      const dataAt = (deletedAt: number) => encode(isMaker(value) ? value(deletedAt) : value);
      const created = await compareAndSet(connection, place, key, { data: dataAt(0) }, 0);
      if (created !== 'conflict') return created;
      const last = await lastMessage(bus, place, key);
      if (!last || !readEntry(reader, last).deleted) return 'exists';
      const data = dataAt(last.seq);
      const revived = await compareAndSet(connection, place, key, { data }, last.seq);
      return revived === 'conflict' ? 'exists' : revived;
    },
    update: (key, value, revision) =>
      compareAndSet(connection, place, key, { data: encode(value) }, revision),
    put: (key, value) => putEntry(connection, place, key, { data: encode(value) }),
    async delete(key) {
      await putEntry(connection, place, key, { deleted: true });
    },
    async erase(key) {
      await putEntry(connection, place, key, { erased: true });
    },
    async entries() {
      const found = new Map<string, StoredValue<Value>>();
      for await (const message of storedMessages(bus, place)) {
        const { key, value, revision } = readEntry(reader, message);
        if (value === undefined) found.delete(key);
        else found.set(key, { value, revision });
      }
      return found;
    },
    watch: (watcher, watchOptions = {}) => watchBucket(connection, reader, watcher, watchOptions),
  };
}

const isMaker = <Value>(value: NewValue<Value>): value is (deletedAt: number) => Value =>
  typeof value === 'function';

function lastMessage({ connection }: Bus, place: BucketPlace, key: string) {
  checkKey(key);
  return untilAnswered(connection, `reading ${place.name} ${key}`, () =>
    connection.manager.direct.getMessage(place.stream, { last_by_subj: place.subject(key) }),
  );
}

/** @throws BusError `closed` rather than giving a part. */
async function* storedMessages({ connection }: Bus, place: BucketPlace): AsyncGenerator<JsMsg, void> {
  const reading = readStream(connection, {
    stream: place.stream,
    subjects: [place.subject('>')],
    from: 'last-per-subject',
    follow: false,
  });
  for await (const message of reading) {
    if (message === caughtUp) return;
    yield message;
  }
  throw new BusError('closed', `the bus was closed while ${place.name} was read`);
}
