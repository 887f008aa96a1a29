/** Following a bucket: first what is stored, then every change, through reconnects and without end. */
import { pause } from './abort.ts';
import { type EntryReader, readEntry } from './bucket-entry.ts';
import { checkKey } from './bucket-place.ts';
import { toBusError } from './bus-error.ts';
import type { Connection } from './connection.ts';
import { caughtUp, readStream } from './read-stream.ts';

export interface BucketChange<Value> {
  key: string;
  /** Undefined when it was deleted. */
  value: Value | undefined;
  revision: number;
  /** Was there when the watching began. */
  initial: boolean;
}

/** Gets changes in the order of their revisions, one at a time; unreadable ones are left out. */
export type BucketWatcher<Value> = (change: BucketChange<Value>) => void | Promise<void>;

export interface WatchOptions {
  /** Only this key. */
  key?: string;
  signal?: AbortSignal;
}

/** Between two tries after an error of the server, in ms. */
const retryPause = 500;

/** Resolves when the watcher has got what is stored. Errors before that reject; later ones are reported, and it goes on. */
export function watchBucket<Value>(
  connection: Connection,
  reader: EntryReader<Value>,
  watcher: BucketWatcher<Value>,
  { key, signal }: WatchOptions,
): Promise<void> {
  if (key !== undefined) checkKey(key);
  const subject = reader.place.subject(key ?? '>');
  let newest = 0;
  let initial = true;

  const follow = async (onCaughtUp: () => void): Promise<void> => {
    const reading = readStream(connection, {
      stream: reader.place.stream,
      subjects: [subject],
      from: newest === 0 ? 'last-per-subject' : { sequence: newest + 1 },
      follow: true,
      signal,
    });
    for await (const message of reading) {
      if (message === caughtUp) {
        initial = false;
        onCaughtUp();
      } else {
        newest = message.seq;
        const { value, deleted, ...entry } = readEntry(reader, message);
        if (value !== undefined || deleted)
          await watcher({ key: entry.key, value, revision: entry.revision, initial });
      }
    }
  };

  return new Promise((resolve, reject) => {
    const followForEver = async () => {
      while (!connection.closing.aborted && !signal?.aborted) {
        try {
          await follow(resolve);
        } catch (error) {
          if (initial) throw error;
          connection.report(toBusError(error, `watching ${reader.place.name}`));
          await pause(retryPause, signal, connection.closing).catch(() => undefined);
        }
      }
      reject(signal?.aborted ? signal.reason : connection.closing.reason);
    };
    followForEver().catch(reject);
  });
}
