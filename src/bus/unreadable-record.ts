/** A stored record that this program cannot read: what it was, why, and how its key is freed. */
import { bucketPlace } from './bucket-place.ts';
import { compareAndSet } from './bucket-write.ts';
import type { Bus } from './bus.ts';

export interface UnreadableRecord {
  bucket: string;
  key: string;
  revision: number;
  /** As it is stored. */
  data: Uint8Array;
  reason: string;
}

/**
 * Frees the key of a record that was set aside, so that it can be made anew. Resolves with whether the record was still
 * the newest one there. @throws BusError
 */
export async function freeKey(
  { connection }: Bus,
  { bucket, key, revision }: UnreadableRecord,
): Promise<boolean> {
  const freed = await compareAndSet(connection, bucketPlace(bucket), key, { deleted: true }, revision);
  return freed !== 'conflict';
}
