/** Asking again until somebody answers: a daemon or a nats-server that is being restarted is no reason to lose a report. */
import { setTimeout as delay } from 'node:timers/promises';
import { BusError } from '../bus/bus-error.ts';

export interface Persistence {
  /** How long it is asked again, in ms; with 0 it is asked once. */
  wait: number;
  /** Says once, after a while, that nobody has answered yet, and why. */
  onWaiting?: (reason: string) => void;
}

/** The pauses between tries, in ms; the last one repeats. */
const pauses = [50, 100, 200, 400, 800];

/** When people are told that it takes longer, in ms. */
const longerThanUsual = 3_000;

/**
 * Resolves with the first answer. Each try is told how long it may take, in ms; what it asks must be fit to be asked twice.
 * @throws what `attempt` threw last, at once when that is an answer
 */
export async function persistently<Answer>(
  attempt: (timeout: number | undefined) => Promise<Answer>,
  { wait, onWaiting }: Persistence,
): Promise<Answer> {
  const begun = Date.now();
  let isTold = false;
  for (let number = 0; ; number += 1) {
    const left = begun + wait - Date.now();
    try {
      return await attempt(wait > 0 ? Math.max(Math.min(left, longestTry), shortestTry) : undefined);
    } catch (error) {
      const spent = Date.now() - begun;
      if (!isUnanswered(error) || spent >= wait) throw error;
      if (!isTold && spent >= longerThanUsual) {
        isTold = true;
        onWaiting?.(error instanceof Error ? error.message : String(error));
      }
    }
    await delay(pauses[Math.min(number, pauses.length - 1)]);
  }
}

/** A daemon that died with the question on its way answers never; a result that is checked may take a while. */
const longestTry = 20_000;
const shortestTry = 1_000;

/** Whether nobody has said anything to it, unlike a refusal. */
function isUnanswered(error: unknown): boolean {
  const cause = error instanceof Error && error.cause instanceof BusError ? error.cause : error;
  return (
    cause instanceof BusError && ['unreachable', 'no-responder', 'timeout', 'closed'].includes(cause.code)
  );
}
