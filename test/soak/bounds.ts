/** How much each measure may grow, and whether it has grown beyond that; pure. */
import type { Measure } from './sample.ts';
import type { Trend } from './trend.ts';

export interface Bound {
  /** In an hour, in the measure's unit. */
  readonly perHour: number;
  /** In a life however short: caches fill, heaps settle. */
  readonly settling: number;
}

/**
 * Of the state folder: streams are bounded (1.1 GiB together), and until they are full they grow with what happens. The
 * delays have no reason to grow at all.
 */
export const bounds: Record<Measure, Bound> = {
  'daemon memory': { perHour: 8, settling: 40 },
  'nats-server memory': { perHour: 8, settling: 30 },
  'tmux memory': { perHour: 2, settling: 4 },
  'daemon descriptors': { perHour: 4, settling: 12 },
  'nats-server descriptors': { perHour: 4, settling: 12 },
  'tmux descriptors': { perHour: 2, settling: 6 },
  'state folder': { perHour: 120, settling: 30 },
  'event-loop delay': { perHour: 20, settling: 150 },
  'answer to status': { perHour: 20, settling: 150 },
};

/** Three standard errors: what chance alone makes of a thousand soaks without growth is one. */
const certainty = 3;

export interface Judged {
  /** What the trend makes of the longest life that was watched, at least; negative where nothing is sure to have grown. */
  readonly grown: number;
  readonly allowed: number;
}

/** What a life that is watched longer may make of it is not guessed at: caches of a young one still fill. */
export function judge(measure: Measure, { slope, error, longest }: Trend): Judged {
  const { perHour, settling } = bounds[measure];
  return { grown: (slope - certainty * error) * longest, allowed: settling + perHour * longest };
}
