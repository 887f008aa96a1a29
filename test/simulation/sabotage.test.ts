import { describe, expect, test } from 'vitest';
import type { Invariant } from './invariants/violation.ts';
import { runSim } from './run-sim.ts';
import { type Sabotage, sabotages } from './sabotage.ts';

/** Which invariants notice which fault; the first one ends the simulation. */
const noticedBy: Readonly<Record<Sabotage, readonly Invariant[]>> = {
  cas: ['growing tokens', 'one holder', 'done once', 'no work without a claim'],
  ledger: ['messages once', 'messages in order'],
  lease: ['leases renewed'],
  fencing: ['done once', 'no work without a claim'],
  blockers: ['dependencies'],
  watchdog: ['no silent stop'],
  acknowledge: ['messages kept'],
};

/** Seeds that come to it soon; any seed comes to it some day. */
const seeds: Readonly<Partial<Record<Sabotage, string>>> = { fencing: '2' };

describe('a fault put in on purpose is found', () => {
  test.each(Object.keys(sabotages) as Sabotage[])('%s', { timeout: 900_000 }, async (sabotage) => {
    const seed = seeds[sabotage] ?? '1';
    const { violation } = await runSim('--seed', seed, '--days', '60', '--sabotage', sabotage);
    expect(noticedBy[sabotage]).toContain(violation?.invariant);
  });
});
