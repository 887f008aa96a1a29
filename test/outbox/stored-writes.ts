/** Writes for tests, and the store that holds them on a real bus. */
import { type Bucket, openBucket } from '../../src/bus/bucket.ts';
import { OutboxRecord, type OutgoingWrite } from '../../src/outbox/outbox-record.ts';
import { OutgoingStore } from '../../src/outbox/outgoing-store.ts';
import type { RealServer } from '../bus/real-bus.ts';

export type CommentWrite = Extract<OutgoingWrite, { kind: 'comment' }>;

/** A comment on task 7. */
export const comment = (change: Partial<CommentWrite> = {}): CommentWrite => ({
  kind: 'comment',
  task: '7',
  token: 1,
  at: '2025-06-01T12:00:00Z',
  givenUp: null,
  author: 'conductor',
  text: 'It is done.',
  marker: 'result.abc.1',
  ...change,
});

/** The store as one daemon opens it. */
export async function openStore(server: RealServer) {
  const bucket: Bucket<OutboxRecord> = await openBucket(await server.connect(), 'orch_outbox', {
    schema: OutboxRecord,
  });
  return { bucket, store: await OutgoingStore.open(bucket) };
}
