/** Waiting for an effect; the time-out only ends what hangs. */
import { setTimeout as pause } from 'node:timers/promises';

/** In ms: less than a test may take, so that the evidence is seen. */
export const waiting = { timeout: 50_000 };

/** Asks `look` until it gives something; `evidence` is shown when it never does. */
export async function waitUntil<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  evidence?: () => unknown,
): Promise<T> {
  const deadline = Date.now() + waiting.timeout;
  for (;;) {
    // A machine that stood still gets one more look.
    const isLast = Date.now() > deadline;
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (isLast) throw new Error(`waited in vain for ${what}: ${JSON.stringify(await evidence?.(), null, 1)}`);
    await pause(20);
  }
}
