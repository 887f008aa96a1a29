/** What holds a drawing and its machine together: the drawing carries the fingerprint of the chart it was drawn from. */
import { createHash } from 'node:crypto';
import type { Chart } from './chart.ts';

/** Changes with anything in the chart. */
export function fingerprintOf(chart: Chart): string {
  return createHash('sha256').update(JSON.stringify(chart)).digest('hex').slice(0, 16);
}

/** The fingerprint a drawing carries. */
export function fingerprintIn(svg: string): string | undefined {
  return /<svg [^>]*data-fingerprint="(\w+)"/u.exec(svg)?.[1];
}
