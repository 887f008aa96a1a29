/** A stored message of a bucket as an entry: what cannot be read is told, counts as not there, and is never a crash. */
import type { MsgHdrs } from '@nats-io/transport-node';
import type { z } from 'zod';
import { newerVersion } from '../stored/versioned.ts';
import type { BucketPlace } from './bucket-place.ts';
import { BusError } from './bus-error.ts';
import type { UnreadableRecord } from './unreadable-record.ts';

export interface EntryReader<Value> {
  place: BucketPlace;
  schema: z.ZodType<Value>;
  onUnreadable: (record: UnreadableRecord) => void;
}

export interface BucketEntry<Value> {
  key: string;
  /** Undefined when deleted or unreadable. */
  value: Value | undefined;
  revision: number;
  deleted: boolean;
}

/** The marker of a deleted key: header and values of NATS's key-value store. */
export const operationHeader = 'KV-Operation';

interface StoredMessage {
  subject: string;
  seq: number;
  data: Uint8Array;
  /** Named so on messages of a consumer, `header` on those got directly. */
  headers?: MsgHdrs | undefined;
  header?: MsgHdrs | undefined;
}

/** @throws BusError `newer-record`: one that a newer program has written is whole, and neither absent nor ours to touch */
export function readEntry<Value>(reader: EntryReader<Value>, message: StoredMessage): BucketEntry<Value> {
  const { place, schema, onUnreadable } = reader;
  const [key, revision] = [place.key(message.subject), message.seq];
  const operation = (message.headers ?? message.header)?.get(operationHeader);
  if (operation === 'DEL' || operation === 'PURGE') return { key, value: undefined, revision, deleted: true };
  const parsed = parse(schema, message.data);
  if ('value' in parsed) return { key, value: parsed.value, revision, deleted: false };
  if (parsed.newerVersion !== undefined) throw newerRecord(place, key, parsed.newerVersion);
  const { reason } = parsed;
  onUnreadable({ bucket: place.name, key, revision, data: message.data, reason });
  return { key, value: undefined, revision, deleted: false };
}

function newerRecord({ name }: BucketPlace, key: string, version: number): BusError {
  return new BusError(
    'newer-record',
    `record ${key} of ${name} is of version ${version}, written by a newer orchestra than this one: start that one again, or restore a backup of this one`,
  );
}

type Parsed<Value> = { value: Value } | { reason: string; newerVersion: number | undefined };

function parse<Value>(schema: z.ZodType<Value>, data: Uint8Array): Parsed<Value> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(data));
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error), newerVersion: undefined };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { value: parsed.data };
  const [issue] = parsed.error.issues;
  const reason = issue ? `${issue.path.join('.')}: ${issue.message}` : parsed.error.message;
  return { reason, newerVersion: newerVersion(parsed.error) };
}
