/** Publishing what must be kept: it also waits while the store is full, JetStream is silent, or its stream is not made yet. */
import { pause } from './abort.ts';
import { BusError, toBusError } from './bus-error.ts';
import type { Connection } from './connection.ts';
import type { EncodedMessage } from './envelope.ts';
import { publishEncoded } from './publish.ts';

export interface StoreOptions {
  signal: AbortSignal;
  /** How long a missing stream is waited for, in ms. */
  streamPatience: number;
  /** The bus does not take it for now; said once. */
  onStalled: (problem: BusError) => void;
}

/** Between two tries to store what the bus does not take for now, in ms. */
const stallPause = 250;

/**
 * Resolves when it is stored.
 * @throws BusError `closed`, `aborted`; `too-large`, `denied`, `no-stream` (after `streamPatience`), `refused`: it never will be
 */
export async function storeWhenPossible(
  connection: Connection,
  subject: string,
  message: EncodedMessage,
  { signal, streamPatience, onStalled }: StoreOptions,
): Promise<void> {
  const giveUpAt = Date.now() + streamPatience;
  for (let stalled = false; ; stalled = true) {
    try {
      await publishEncoded(connection, subject, message, { signal });
      return;
    } catch (error) {
      const problem = toBusError(error, subject);
      const isPassing = problem.code === 'no-space' || problem.code === 'no-responder';
      const isAwaited = problem.code === 'no-stream' && Date.now() < giveUpAt;
      if (!isPassing && !isAwaited) throw problem;
      if (!stalled) onStalled(problem);
      await pause(stallPause, connection.closing, signal).catch((reason: unknown) => {
        throw signal.aborted ? new BusError('aborted', `${subject}: aborted`, { cause: reason }) : reason;
      });
    }
  }
}
