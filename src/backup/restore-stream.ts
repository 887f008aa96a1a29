/** Gives one stream back to a nats-server that has none of that name, as the server had packed it. */
import { RequestError } from '@nats-io/transport-node';
import { z } from 'zod';
import type { Bus } from '../bus/bus.ts';
import { BackupError } from './backup-error.ts';
import { closeGap } from './close-gap.ts';
import type { StreamEntry } from './manifest.ts';
import { ApiRefusal } from './snapshot-stream.ts';

const Begun = z.object({ deliver_subject: z.string() });

const Restored = z.object({ state: z.object({ messages: z.int(), last_seq: z.int() }) });

/** How long the server may take for a chunk, and to open the stream at the end, in ms. */
const patience = 60_000;

const chunkSize = 128 * 1024;

export interface RestoringStream {
  /** Resolves when the server has taken it. @throws BackupError `stream` */
  write(data: Uint8Array): Promise<void>;
  /** Resolves when the stream is there again, up to its last sequence. @throws BackupError `stream` */
  end(): Promise<void>;
}

/** @throws BackupError `stream` */
export async function restoreStream(bus: Bus, entry: StreamEntry): Promise<RestoringStream> {
  const { connection } = bus;
  const { name, config, messages, firstSequence, lastSequence } = entry;
  const ask = async (subject: string, data: Uint8Array | string): Promise<unknown> => {
    try {
      const answer = await connection.nats.request(subject, data, { timeout: patience });
      const body: unknown = answer.data.byteLength === 0 ? undefined : answer.json();
      const refusal = ApiRefusal.safeParse(body);
      if (refusal.success) throw refused(name, refusal.data.error.description);
      return body;
    } catch (error) {
      if (error instanceof RequestError) throw refused(name, error.message, error);
      throw error;
    }
  };
  const state = { messages, first_seq: firstSequence, last_seq: lastSequence };
  const begun = Begun.parse(await ask(`$JS.API.STREAM.RESTORE.${name}`, JSON.stringify({ config, state })));
  return {
    async write(data) {
      for (let from = 0; from < data.byteLength; from += chunkSize)
        await ask(begun.deliver_subject, data.subarray(from, from + chunkSize));
    },
    async end() {
      const { state: is } = Restored.parse(await ask(begun.deliver_subject, new Uint8Array()));
      // Messages may have become too old meanwhile; a sequence is never given twice.
      if (is.last_seq < lastSequence)
        throw refused(name, `it ends at ${is.last_seq} instead of ${lastSequence}`);
      await closeGap(bus, entry);
    },
  };
}

const refused = (stream: string, why: string, cause?: unknown): BackupError =>
  new BackupError(
    'stream',
    `nats-server does not take ${stream} back (${why}): restore with the nats-server that the backup was made with, or a newer one.`,
    cause,
  );
