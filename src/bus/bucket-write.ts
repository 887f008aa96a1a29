/** Writing to a bucket through lost connections: each write happens once or is known not to have happened. */
import { randomUUID } from 'node:crypto';
import { JsHeaders, PubHeaders, type StoredMsg } from '@nats-io/jetstream';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { operationHeader } from './bucket-entry.ts';
import { type BucketPlace, checkKey } from './bucket-place.ts';
import { apiErrorNumber, BusError, wrongLastSequence } from './bus-error.ts';
import type { Connection } from './connection.ts';
import { checkSize } from './publish.ts';
import { untilAnswered } from './until-answered.ts';

export type NewEntry = { data: Uint8Array } | { deleted: true } | { erased: true };

/** Resolves with the revision. The id makes the server store it once, however often it is sent. */
export function putEntry(
  connection: Connection,
  place: BucketPlace,
  key: string,
  entry: NewEntry,
): Promise<number> {
  const message = encode(connection, place, key, entry);
  return untilAnswered(connection, `writing ${place.name} ${key}`, async ({ timeout }) => {
    const { data, headers } = message;
    const { seq } = await connection.jetstream.publish(place.subject(key), data, { headers, timeout });
    return seq;
  });
}

/**
 * Stores if the key's newest revision is `expected` (0: there is none). The server looks at the expectation before it
 * looks for duplicates (measured on 2.15.1), so a second try of a write that was stored is refused; then the revision
 * that followed `expected` tells by its id whether it is ours.
 */
export function compareAndSet(
  connection: Connection,
  place: BucketPlace,
  key: string,
  entry: NewEntry,
  expected: number,
): Promise<number | 'conflict'> {
  const message = encode(connection, place, key, entry);
  message.headers.set(PubHeaders.ExpectedLastSubjectSequenceHdr, String(expected));
  return untilAnswered(connection, `writing ${place.name} ${key}`, async ({ timeout, number }) => {
    const { data, headers, id } = message;
    try {
      const { seq } = await connection.jetstream.publish(place.subject(key), data, { headers, timeout });
      return seq;
    } catch (error) {
      if (!wrongLastSequence.has(apiErrorNumber(error) ?? 0)) throw error;
      return number === 1 ? 'conflict' : outcome(connection, place, key, expected, id);
    }
  });
}

interface EncodedEntry {
  id: string;
  data: Uint8Array;
  headers: MsgHdrs;
}

function encode(connection: Connection, place: BucketPlace, key: string, entry: NewEntry): EncodedEntry {
  checkKey(key);
  const id = randomUUID();
  const encoded = headers();
  encoded.set(PubHeaders.MsgIdHdr, id);
  if ('deleted' in entry) encoded.set(operationHeader, 'DEL');
  if ('erased' in entry) {
    encoded.set(operationHeader, 'PURGE');
    encoded.set(JsHeaders.RollupHdr, JsHeaders.RollupValueSubject);
  }
  const data = 'data' in entry ? entry.data : new Uint8Array();
  checkSize(connection, `${place.name} ${key}`, { data, headers: encoded });
  return { id, data, headers: encoded };
}

/** What became of a write that was refused at a later try than its first. */
async function outcome(
  connection: Connection,
  place: BucketPlace,
  key: string,
  expected: number,
  id: string,
): Promise<number | 'conflict'> {
  const next = (from: number) =>
    connection.manager.direct.getMessage(place.stream, { seq: from, next_by_subj: place.subject(key) });

  const successor = await next(expected + 1);
  if (successor?.header.get(PubHeaders.MsgIdHdr) === id) return successor.seq;
  if (isSuccessorOf(expected, successor) || (expected > 0 && (await next(expected))?.seq === expected))
    return 'conflict';
  throw new BusError(
    'outcome-unknown',
    `${place.name} ${key}: the acknowledgement of a write was lost, and newer revisions have displaced its trace`,
  );
}

/** Whether nothing can have been between `revision` and `message`: it was itself stored by compare-and-set. */
function isSuccessorOf(revision: number, message: StoredMsg | null): boolean {
  return message?.header.get(PubHeaders.ExpectedLastSubjectSequenceHdr) === String(revision);
}
