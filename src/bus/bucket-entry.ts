/** A stored message of a bucket as an entry: what cannot be read is told, set aside, and never a crash. */
import type { MsgHdrs } from '@nats-io/transport-node';
import type { z } from 'zod';
import type { BucketPlace } from './bucket-place.ts';

export type UnreadableListener = (key: string, reason: string) => void;

export interface EntryReader<Value> {
  place: BucketPlace;
  schema: z.ZodType<Value>;
  onUnreadable: UnreadableListener;
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

export function readEntry<Value>(reader: EntryReader<Value>, message: StoredMessage): BucketEntry<Value> {
  const key = reader.place.key(message.subject);
  const operation = (message.headers ?? message.header)?.get(operationHeader);
  const deleted = operation === 'DEL' || operation === 'PURGE';
  const value = deleted ? undefined : parse(reader, key, message.data);
  return { key, value, revision: message.seq, deleted };
}

function parse<Value>(
  { schema, onUnreadable }: EntryReader<Value>,
  key: string,
  data: Uint8Array,
): Value | undefined {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(data));
  } catch (error) {
    onUnreadable(key, error instanceof Error ? error.message : String(error));
    return undefined;
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  onUnreadable(key, issue ? `${issue.path.join('.')}: ${issue.message}` : parsed.error.message);
  return undefined;
}
