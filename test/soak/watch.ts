/** Takes samples at even intervals while a soak runs. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Orchestra } from '../chaos/orchestra.ts';
import { type Sample, takeSamples } from './sample.ts';

/** Of a soak of this many samples a trend can be told, and an hour's file of them is small. */
const wanted = 400;
const shortest = 2_000;

export interface Watching {
  readonly samples: Sample[];
  /** Starts sampling; the returned function ends it. */
  begin(orchestra: Orchestra): () => void;
}

/** @param duration of the soak, in ms */
export function watch(duration: number): Watching {
  const samples: Sample[] = [];
  const interval = Math.max(shortest, duration / wanted);
  return {
    samples,
    begin(orchestra) {
      const over = new AbortController();
      void sampleUntil(over.signal, orchestra, interval, samples);
      return () => over.abort();
    },
  };
}

async function sampleUntil(
  over: AbortSignal,
  orchestra: Orchestra,
  interval: number,
  samples: Sample[],
): Promise<void> {
  const begun = performance.now();
  while (!over.aborted) {
    samples.push(...(await takeSamples(orchestra, (performance.now() - begun) / 1_000)));
    await pause(interval, undefined, { signal: over }).catch(() => undefined);
  }
}
