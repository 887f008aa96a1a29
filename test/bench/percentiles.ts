/** Order statistics of samples. */

/** The value that so many per cent of the samples do not exceed (nearest rank). @throws RangeError without samples */
export function percentile(samples: readonly number[], percent: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('there are no samples');
  return value;
}

export const median = (samples: readonly number[]): number => percentile(samples, 50);
