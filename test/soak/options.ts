/** What a soak is called with; a wrong call ends the process with 64. */
import { type FaultOptions, faultCommand, positive } from '../chaos/options.ts';

export interface SoakOptions extends FaultOptions {
  /** How long, in ms. */
  readonly duration: number;
}

const minute = 60_000;

export function readOptions(args: readonly string[]): SoakOptions {
  const { hours, minutes, ...options } = faultCommand('test:soak')
    .description('Lets faults strike slowly, for hours, and watches for growth.')
    .option('--hours <number>', 'how long', positive, 1)
    .option('--minutes <number>', 'the same in minutes', positive)
    .parse([...args], { from: 'user' })
    .opts<FaultOptions & { hours: number; minutes?: number }>();
  return { ...options, duration: (minutes ?? hours * 60) * minute };
}
