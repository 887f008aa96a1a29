import { expect, test } from 'vitest';
import { runSim } from './run-sim.ts';

/** Another seed is another week: `npm run sim -- --until-failure` looks through them. */
const seed = '2026';

test('a simulated week of faults breaks no invariant', { timeout: 900_000 }, async () => {
  const report = await runSim('--seed', seed, '--days', '7');
  expect(report.violation).toBeUndefined();
  expect(report.days).toBe(7);
  expect(report.completed).toBeGreaterThan(50);
  expect(report.messages.delivered).toBeGreaterThan(50);
  // Of each kind of fault that has to show, one was seen to do harm and to be over.
  for (const kind of ['agent killed', 'daemon killed', 'nats-server killed', 'tmux server killed'])
    expect(report.faults[kind]?.harmful, kind).toBeGreaterThan(0);
  expect(report.availability).toBeGreaterThan(0.99);
  expect(report.recovery.mean).toBeLessThan(300);
});

test('a seed is replayed exactly, and another one is another life', { timeout: 900_000 }, async () => {
  const [first, second, other] = [
    await runSim('--seed', '7', '--days', '1'),
    await runSim('--seed', '7', '--days', '1'),
    await runSim('--seed', '8', '--days', '1'),
  ];
  expect({ ...second, seconds: 0 }).toEqual({ ...first, seconds: 0 });
  expect(other.digest).not.toBe(first.digest);
});
