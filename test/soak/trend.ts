/** The trend of a measure over several lives of its process: one common slope, a level for each life; pure. */
import type { Sample } from './sample.ts';

export interface Trend {
  readonly samples: number;
  readonly lives: number;
  /** Per hour. */
  readonly slope: number;
  /** Standard error of the slope, per hour. */
  readonly error: number;
  /** How long the longest of the lives was watched, in hours: a trend is not drawn on beyond what was seen. */
  readonly longest: number;
  readonly least: number;
  readonly most: number;
}

/** A life shorter than this many samples says nothing of growth. */
const fewest = 3;
const hour = 3_600;

/**
 * Ordinary least squares with a fixed effect for each life: what a restart gives back is no decline, and what a start
 * takes no growth. Undefined without a life that is long enough. The first `warmUp` seconds of a life are left out.
 */
export function trendOf(samples: readonly Sample[], warmUp: number): Trend | undefined {
  const lives = [...groupByLife(samples).values()]
    .map((life) => life.filter(({ at }) => at - (life[0]?.at ?? 0) >= warmUp))
    .filter((life) => life.length >= fewest);
  const used = lives.flat();
  if (used.length === 0) return undefined;
  const centred = lives.flatMap((life) => {
    const [meanAt, meanValue] = [mean(life.map(({ at }) => at)), mean(life.map(({ value }) => value))];
    return life.map(({ at, value }) => ({ at: at - meanAt, value: value - meanValue }));
  });
  const spread = sum(centred.map(({ at }) => at * at));
  if (spread === 0) return undefined;
  const slope = sum(centred.map(({ at, value }) => at * value)) / spread;
  const residuals = sum(centred.map(({ at, value }) => (value - slope * at) ** 2));
  const freedom = Math.max(1, used.length - lives.length - 1);
  const values = used.map(({ value }) => value);
  return {
    samples: used.length,
    lives: lives.length,
    slope: slope * hour,
    error: Math.sqrt(residuals / freedom / spread) * hour,
    longest: Math.max(...lives.map((life) => (life.at(-1)?.at ?? 0) - (life[0]?.at ?? 0))) / hour,
    least: Math.min(...values),
    most: Math.max(...values),
  };
}

function groupByLife(samples: readonly Sample[]): Map<number, Sample[]> {
  const lives = new Map<number, Sample[]>();
  for (const sample of samples) lives.set(sample.life, [...(lives.get(sample.life) ?? []), sample]);
  return lives;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
