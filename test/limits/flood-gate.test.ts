/** The gate against floods of reports: bursts pass, floods do not, and the telling of it is no flood either. */
import { expect, test } from 'vitest';
import { FloodGate } from '../../src/agents/flood-gate.ts';

function gateAt(start: number) {
  let now = start;
  const told: number[] = [];
  const gate = new FloodGate({
    burst: 10,
    rate: 2,
    now: () => now,
    onFlooding: (refused) => told.push(refused),
  });
  const passes = (count: number): number => {
    let passed = 0;
    for (let n = 0; n < count; n += 1) {
      try {
        gate.pass();
        passed += 1;
      } catch (error) {
        expect(error).toMatchObject({ code: 'slow-down' });
      }
    }
    return passed;
  };
  const wait = (ms: number) => {
    now += ms;
  };
  return { passes, wait, told };
}

test('a burst passes, and then as many as the rate allows', () => {
  const { passes, wait } = gateAt(0);
  expect(passes(100)).toBe(10);
  wait(1_000);
  expect(passes(100)).toBe(2);
  wait(60_000);
  expect(passes(100)).toBe(10);
});

test('a flood is told at once and then once a minute, with all that were refused since', () => {
  const { passes, wait, told } = gateAt(0);
  passes(110);
  expect(told).toEqual([1]);
  wait(61_000);
  passes(11);
  expect(told).toEqual([1, 100]);
});
