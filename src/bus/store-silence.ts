/** Noticing that nats-server runs and stores nothing: then nobody but its restart helps. */
import { pause } from './abort.ts';
import type { Bus } from './bus.ts';

/** So many unanswered questions in a row, in about as many seconds, are no busy moment and no start. */
const mostUnanswered = 15;
const askTimeout = 1_000;

/**
 * Resolves with the reason when the server has to be restarted; rejects when `signal` aborts.
 *
 * Measured on nats-server 2.15.1: after a write to a stream's files has failed (`ENOSPC`), that stream answers no
 * publication any more, also when there is room again, until the server is restarted; what was acknowledged is all there
 * then. `$JS.API.INFO`, the stream's info and reading answer as if nothing were wrong, other streams go on until their own
 * first failure, and the log on the same disk may have no room for a word on it. Older servers switch JetStream off
 * instead, and a stopped one (SIGSTOP) answers nothing at all.
 */
export async function untilStoreIsSilent(bus: Bus, signal: AbortSignal): Promise<string> {
  for (;;) {
    const suspicion = await suspicionOf(bus, signal);
    const confirmed = await confirm(bus, suspicion, signal);
    if (confirmed !== undefined) return confirmed;
  }
}

/** A write that was not answered for seconds (its words), or a connection that does not come back (undefined). */
function suspicionOf(bus: Bus, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      for (const stop of stops) stop();
      act();
    };
    const aborted = () => settle(() => reject(signal.reason));
    const stops = [
      bus.onSilence(({ message }) => settle(() => resolve(message))),
      bus.onStatus((status) => {
        if (status === 'reconnecting') settle(() => resolve(undefined));
      }),
      () => signal.removeEventListener('abort', aborted),
    ];
    signal.addEventListener('abort', aborted, { once: true });
    if (signal.aborted) aborted();
    else if (bus.status === 'reconnecting') settle(() => resolve(undefined));
  });
}

/** Asks JetStream: one that answers while a write was not is mute; one that never answers is as good as gone. */
async function confirm(
  bus: Bus,
  suspicion: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (let unanswered = 0; unanswered < mostUnanswered; unanswered += 1) {
    const begun = Date.now();
    if (await answers(bus)) return suspicion;
    signal.throwIfAborted();
    await pause(Math.max(0, askTimeout - (Date.now() - begun)), signal);
  }
  return 'JetStream gives no answer';
}

async function answers({ connection }: Bus): Promise<boolean> {
  if (connection.state !== 'connected') return false;
  try {
    await connection.nats.request('$JS.API.INFO', '', { timeout: askTimeout });
    return true;
  } catch {
    return false; // No answer in time, nobody there, the connection lost: no answer, whichever it is.
  }
}
