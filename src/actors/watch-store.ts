/** Waits until nats-server runs and stores nothing, whichever connection the daemon has to it. */
import { pause } from '../bus/abort.ts';
import type { Bus } from '../bus/bus.ts';
import { untilStoreIsSilent } from '../bus/store-silence.ts';
import type { Port } from '../ports/port.ts';

/** A bus that is closed is soon taken from its port; until then it is looked for again, in ms. */
const lookInterval = 100;

/** Resolves with the reason for a restart; a bus that is closed is nobody's silence, and the next one is watched. Rejects when `signal` aborts. */
export async function storeSilence(port: Port<Bus>, signal: AbortSignal): Promise<string> {
  for (;;) {
    const bus = await port.whenOpen(signal);
    const closed = new AbortController();
    void bus.closed.then(() => closed.abort());
    try {
      return await untilStoreIsSilent(bus, AbortSignal.any([signal, closed.signal]));
    } catch (error) {
      if (signal.aborted || bus.status !== 'closed') throw error;
      await pause(lookInterval, signal);
    }
  }
}
