/** Takes one stream out of a running nats-server, as that one itself packs it: messages, sequences, consumers. */
import { randomUUID } from 'node:crypto';
import { type Msg, RequestError } from '@nats-io/transport-node';
import { z } from 'zod';
import type { Bus } from '../bus/bus.ts';
import { BackupError } from './backup-error.ts';

/** The server's answer to `$JS.API.STREAM.SNAPSHOT.<stream>`. */
const SnapshotAnswer = z.object({
  config: z.record(z.string(), z.unknown()),
  state: z.object({
    messages: z.int(),
    first_seq: z.int(),
    last_seq: z.int(),
    consumer_count: z.int().default(0),
  }),
});
export type SnapshotAnswer = z.infer<typeof SnapshotAnswer>;

/** Of a refusal by JetStream's API. */
export const ApiRefusal = z.object({ error: z.object({ description: z.string() }) });

/** How long the server may take to begin, and between two chunks, in ms. */
const patience = 30_000;

const chunkSize = 128 * 1024;

/**
 * Calls `take` with the server's chunks in order, each when it has done with the one before: the server sends no more than
 * 8 MiB ahead (nats-server `jetstream_api.go`, `streamSnapshot`). @throws BackupError `stream`
 */
export async function snapshotStream(
  { connection }: Bus,
  stream: string,
  take: (chunk: Uint8Array) => Promise<void>,
): Promise<SnapshotAnswer> {
  const { nats } = connection;
  const inbox = `_INBOX.backup.${randomUUID()}`;
  const chunks = nats.subscribe(inbox);
  try {
    const request = { deliver_subject: inbox, no_consumers: false, chunk_size: chunkSize, jsck: true };
    const answer = await nats.request(`$JS.API.STREAM.SNAPSHOT.${stream}`, JSON.stringify(request), {
      timeout: patience,
    });
    const begun = parseAnswer(stream, answer);
    const watch = setTimeout(() => chunks.unsubscribe(), patience);
    try {
      for await (const chunk of chunks) {
        watch.refresh();
        if (chunk.data.byteLength === 0) return ended(stream, chunk, begun);
        await take(chunk.data);
        chunk.respond();
      }
    } finally {
      clearTimeout(watch);
    }
    throw new BackupError('stream', `nats-server stopped giving out ${stream}: try again.`);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    throw new BackupError(
      'stream',
      `nats-server does not give out ${stream} (${error.message}): try again.`,
      error,
    );
  } finally {
    chunks.unsubscribe();
  }
}

function parseAnswer(stream: string, answer: Msg): SnapshotAnswer {
  const body: unknown = answer.json();
  const parsed = SnapshotAnswer.safeParse(body);
  if (parsed.success) return parsed.data;
  const refusal = ApiRefusal.safeParse(body);
  const why = refusal.success ? refusal.data.error.description : parsed.error.message;
  throw new BackupError(
    'stream',
    `nats-server does not give out ${stream} (${why}): \`orchestra doctor\` looks further.`,
  );
}

/** An empty chunk is the end; with a status of its own where the server had to give up. */
function ended(stream: string, { headers }: Msg, begun: SnapshotAnswer): SnapshotAnswer {
  if (!headers?.hasError) return begun;
  throw new BackupError(
    'stream',
    `nats-server could not give out all of ${stream} (${headers.code} ${headers.description}): try again.`,
  );
}
