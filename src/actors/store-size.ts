/** How large nats-server's store may become: what all streams and buckets reserve together, so that none can starve another. */
import { defaultBucketBytes } from '../bus/bucket.ts';
import type { Config } from '../config/config.ts';
import { defaultLimits } from '../nats-server/limits.ts';

/** The bucket of the task records. */
export const taskBucket = 'orch_tasks';

/** The bucket of the writes to the outside. */
export const outboxBucket = 'orch_outbox';

/** Room for the tasks: 20,000 issues of 8 KiB with the revisions that are kept of each, and some to spare. */
export const taskBytes = 1024 ** 3;

/** Of the small buckets there may be so many. */
const smallBuckets = 16;

/** In bytes; never less than nats-server's usual limit. */
export function storeBytes({ retention }: Pick<Config, 'retention'>): number {
  const streams = Object.values(retention).reduce((sum, { size }) => sum + size, 0);
  return Math.max(defaultLimits.storeBytes, streams + taskBytes + smallBuckets * defaultBucketBytes);
}
