/** What a run is called with. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { allFaultKinds, type FaultKind, faultKinds } from './fault-plan.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly count: number;
  readonly kinds: readonly FaultKind[];
  readonly json: boolean;
  readonly keep: boolean;
}

/** About so many faults strike in a minute, recoveries and all. */
const faultsPerMinute = 9;

export function readOptions(args: readonly string[]): ChaosOptions | { problem: string } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      count: { type: 'string' },
      minutes: { type: 'string' },
      faults: { type: 'string' },
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  });
  const names = values.faults?.split(',') ?? allFaultKinds;
  const kinds = names.filter((name): name is FaultKind => Object.hasOwn(faultKinds, name));
  const unknown = names.filter((name) => !Object.hasOwn(faultKinds, name));
  if (unknown.length > 0) return { problem: `There is no fault ${unknown.join(', ')}.` };
  const seed = Number(values.seed ?? randomInt(2 ** 31));
  const count = Number(values.count ?? Math.round(Number(values.minutes ?? 3) * faultsPerMinute));
  if (!Number.isInteger(seed) || !Number.isInteger(count) || count < 0)
    return { problem: '--seed, --count and --minutes take whole numbers.' };
  return { seed, count, kinds, json: values.json, keep: values.keep };
}
