/** Says what grew during a soak, and whether it was too much. */
import { printTable } from '../bench/table.ts';
import { type Judged, judge } from './bounds.ts';
import { type Measure, measures, type Sample } from './sample.ts';
import { type Trend, trendOf } from './trend.ts';

export interface Growth extends Trend, Judged {
  readonly measure: Measure;
  readonly isTooMuch: boolean;
}

/** The first seconds of a life, or a tenth of a short soak, are its start and no trend. */
const warmUp = 60;

export function findGrowth(samples: readonly Sample[]): Growth[] {
  const seconds = Math.max(0, ...samples.map(({ at }) => at));
  return (Object.keys(measures) as Measure[]).flatMap((measure) => {
    const trend = trendOf(
      samples.filter((sample) => sample.measure === measure),
      Math.min(warmUp, seconds / 10),
    );
    if (!trend) return [];
    const judged = judge(measure, trend);
    return [{ measure, ...trend, ...judged, isTooMuch: judged.grown > judged.allowed }];
  });
}

export function printGrowth(growth: readonly Growth[]): void {
  printTable(
    'growth within the lives of processes (grown: what is certain of it, in the longest life)',
    ['', 'samples', 'lives', 'least', 'most', 'slope an hour', 'grown', 'allowed', ''],
    growth.map(({ measure, samples, lives, least, most, slope, error, grown, allowed, isTooMuch }) => [
      `${measure} ${measures[measure]}`,
      samples,
      lives,
      least.toFixed(1),
      most.toFixed(1),
      `${slope.toFixed(1)} ± ${error.toFixed(1)}`,
      Math.max(0, grown).toFixed(1),
      allowed.toFixed(1),
      isTooMuch ? 'TOO MUCH' : 'ok',
    ]),
  );
}
