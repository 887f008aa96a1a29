/** What a soak is called with. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { allFaultKinds, type FaultKind, faultKinds } from '../chaos/fault-plan.ts';

export interface SoakOptions {
  readonly seed: number;
  /** How long, in ms. */
  readonly duration: number;
  readonly kinds: readonly FaultKind[];
  readonly json: boolean;
  readonly keep: boolean;
}

const minute = 60_000;

export function readOptions(args: readonly string[]): SoakOptions | { problem: string } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      hours: { type: 'string' },
      minutes: { type: 'string' },
      seed: { type: 'string' },
      faults: { type: 'string' },
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  });
  const kinds = values.faults?.split(',') ?? allFaultKinds;
  const known = kinds.filter((name): name is FaultKind => Object.hasOwn(faultKinds, name));
  const duration = values.minutes ? Number(values.minutes) * minute : Number(values.hours ?? 1) * 60 * minute;
  const seed = Number(values.seed ?? randomInt(2 ** 31));
  if (known.length < kinds.length || !(duration > 0) || !Number.isInteger(seed))
    return { problem: `--hours N or --minutes N, --seed N, --faults of ${allFaultKinds.join(', ')}` };
  return { seed, duration, kinds: known, json: values.json, keep: values.keep };
}
