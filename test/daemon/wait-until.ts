/** Waiting for an effect; the time-out only ends what hangs. */
const timeout = 50_000;

/** Asks `look` until it gives something; `evidence` is shown when it never does. */
export async function waitUntil<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  evidence?: () => unknown,
): Promise<T> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline)
      throw new Error(`waited in vain for ${what}: ${JSON.stringify(evidence?.(), null, 1)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
