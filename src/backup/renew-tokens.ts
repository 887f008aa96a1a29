/** Frees restored tasks from their holders, and makes their fencing tokens higher than any that was given after the backup. */
import { z } from 'zod';
import { type BucketPlace, bucketPlace } from '../bus/bucket-place.ts';
import { putEntry } from '../bus/bucket-write.ts';
import type { Bus } from '../bus/bus.ts';
import type { Connection } from '../bus/connection.ts';
import { parseJson } from '../bus/parse-json.ts';
import { caughtUp, readStream } from '../bus/read-stream.ts';
import { beginningKey, OutboxRecord, toldKey } from '../outbox/outbox-record.ts';

/**
 * No task is claimed so often between a backup and the loss that it is for. What acts with a token of that time (a program
 * that lives on elsewhere, a comment that was written) is then not taken for the work that is done over again.
 */
const headroom = 1_000;

/** A task of any version. */
const Claimable = z.looseObject({
  token: z.int().min(0),
  attempts: z.int().min(0),
  claim: z.unknown(),
  history: z.array(z.looseObject({ token: z.int() })),
});

/** A holder of that time does not live here, for no fault of the try: it does not count. */
const freed = ({ claim, attempts }: z.infer<typeof Claimable>) =>
  claim === null ? {} : { claim: null, state: 'waiting', attempts: Math.max(attempts - 1, 0) };

/**
 * The result of the newest claim stays that claim's, and one that was told stays told. Leaves alone what it cannot read.
 * @param streams those that were restored
 * @throws BusError
 */
export async function renewTokens({ connection }: Bus, streams: ReadonlySet<string>): Promise<void> {
  const outbox = bucketPlace('orch_outbox');
  const told = streams.has(outbox.stream)
    ? await newestEntries(connection, outbox)
    : new Map<string, unknown>();
  const tasks = bucketPlace('orch_tasks');
  if (!streams.has(tasks.stream)) return;
  const put = (place: BucketPlace, key: string, value: object) =>
    putEntry(connection, place, key, { data: new TextEncoder().encode(JSON.stringify(value)) });
  for (const [key, value] of await newestEntries(connection, tasks)) {
    const { data: task } = Claimable.safeParse(value);
    if (task === undefined) continue;
    const token = task.token + headroom;
    const history = task.history.map((entry) => (entry.token === task.token ? { ...entry, token } : entry));
    await put(tasks, key, { ...task, ...freed(task), token, history });
    // Told up to an earlier claim, the newest result is news, and so is what came between.
    if (toldUpTo(told, key) >= task.token) {
      const record: OutboxRecord = { version: 1, entry: { kind: 'told', token } };
      await put(outbox, toldKey(key), record);
    }
  }
}

function toldUpTo(records: ReadonlyMap<string, unknown>, task: string): number {
  const entryAt = (key: string) => OutboxRecord.safeParse(records.get(key)).data?.entry;
  const entry = entryAt(toldKey(task)) ?? entryAt(beginningKey);
  if (entry?.kind === 'told') return entry.token;
  return entry?.kind === 'beginning' ? (entry.told[task] ?? 0) : 0;
}

async function newestEntries(connection: Connection, place: BucketPlace): Promise<Map<string, unknown>> {
  const entries = new Map<string, unknown>();
  for await (const message of readStream(connection, {
    stream: place.stream,
    subjects: [place.subject('>')],
    from: 'last-per-subject',
    follow: false,
  })) {
    if (message === caughtUp) break;
    entries.set(place.key(message.subject), parseJson(message.data));
  }
  return entries;
}
