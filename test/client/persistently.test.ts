/** Asking again while nobody answers; an answer, be it a refusal, ends it. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { BusError, type BusErrorCode } from '../../src/bus/bus-error.ts';
import { persistently } from '../../src/client/persistently.ts';

/** Fails with these codes, one after the other, then answers. */
function answering(...codes: BusErrorCode[]) {
  const timeouts: (number | undefined)[] = [];
  const attempt = async (timeout: number | undefined) => {
    timeouts.push(timeout);
    const code = codes.shift();
    if (code !== undefined) throw new BusError(code, `it is ${code}`);
    return 'answered';
  };
  return { attempt, timeouts };
}

test('silence of every kind is asked again', async () => {
  const { attempt, timeouts } = answering('unreachable', 'no-responder', 'timeout', 'closed');
  expect(await persistently(attempt, { wait: 60_000 })).toBe('answered');
  expect(timeouts).toHaveLength(5);
  for (const timeout of timeouts) expect(timeout).toBeLessThanOrEqual(20_000);
});

test.each<BusErrorCode>(['refused', 'denied', 'too-large'])('%s is an answer', async (code) => {
  const { attempt, timeouts } = answering(code);
  await expect(persistently(attempt, { wait: 60_000 })).rejects.toThrow(`it is ${code}`);
  expect(timeouts).toHaveLength(1);
});

test('an error that wraps silence is silence, another one is not', async () => {
  const wrapped = new Error('nobody there', { cause: new BusError('unreachable', 'x') });
  const errors = [wrapped, new Error('a fault of ours')];
  const attempt = async () => Promise.reject(errors.shift());
  await expect(persistently(attempt, { wait: 60_000 })).rejects.toThrow('a fault of ours');
});

test('without patience it is asked once, for as long as a question takes', async () => {
  const { attempt, timeouts } = answering('no-responder');
  await expect(persistently(attempt, { wait: 0 })).rejects.toThrow('it is no-responder');
  expect(timeouts).toEqual([undefined]);
});

test('when the time is over the last silence is told, and people were told once that it takes longer', async () => {
  // The clock goes by the tries alone: a machine that stands still must not jump over the moment.
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const told: string[] = [];
  const attempt = async () => {
    vi.setSystemTime(Date.now() + 1_000);
    throw new BusError('no-responder', 'nobody serves it');
  };
  const onWaiting = (reason: string) => told.push(reason);
  await expect(persistently(attempt, { wait: 5_000, onWaiting })).rejects.toThrow('nobody serves it');
  expect(told).toEqual(['nobody serves it']);
});
