/** Trap: a delay above 2^31 - 1 ms fires at once on Node's timers, and XState passes on whatever it is given. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { setup } from 'xstate';
import { backoffDelay, isBackoff } from '../../../machines/supervision/backoff.ts';
import type { ActorChildSpec, ChildStart } from '../../../machines/supervision/child-start.ts';
import { Duration } from '../../../src/config/duration.ts';
import { startChild, terminateChild } from '../../../src/supervision/calls.ts';
import { shutDown } from '../../../src/supervision/shut-down.ts';
import { startSupervisor } from '../../../src/supervision/start-supervisor.ts';
import { childSpec } from '../../../src/supervision/supervisor-spec.ts';
import { VirtualClock } from '../../../src/supervision/virtual-clock.ts';

const longest = 2 ** 31 - 1;
const tooLong = 2 ** 40;

/** A supervisor without children on a clock that remembers every delay a timer is set to. */
function clocked() {
  const delays: number[] = [];
  const clock = new VirtualClock();
  const timers = {
    setTimeout: (callback: () => void, delay: number) => {
      delays.push(delay);
      return clock.setTimeout(callback, delay);
    },
    clearTimeout: clock.clearTimeout,
  };
  const { supervisor } = startSupervisor({ flags: {}, children: [] }, { clock: timers });
  return { supervisor, clock, timers, delays };
}

/** A child that says nothing and does not answer. */
function mute(start: Partial<ChildStart>, spec: Partial<ActorChildSpec> = {}): ActorChildSpec {
  const logic = setup({}).createMachine({});
  return childSpec({ id: 'mute', start: { logic, ...start }, ...spec });
}

test('the time to start is cut to what a timer holds', async () => {
  const { supervisor, clock, delays } = clocked();
  const begun = startChild(supervisor, mute({ ready: 'event', startTimeout: tooLong }));
  expect(delays).toEqual([longest]);
  await clock.advance(longest);
  expect(await begun).toMatchObject({ ok: false, reason: 'timeout' });
});

test('so is the time to end', async () => {
  const { supervisor, clock, delays } = clocked();
  await startChild(supervisor, mute({}, { shutdown: tooLong }));
  const ended = terminateChild(supervisor, 'mute');
  expect(delays).toEqual([longest]);
  await clock.advance(longest);
  expect(await ended).toEqual({ ok: true });
});

test.each(['terminateChild', 'shutDown'])('and the time that a kill may take, in %s', async (way) => {
  const { supervisor, clock, timers, delays } = clocked();
  const kill = () => new Promise<void>(() => undefined);
  await startChild(supervisor, mute({ kill, killTimeout: tooLong }, { shutdown: 'brutal_kill' }));
  if (way === 'terminateChild') {
    const ended = terminateChild(supervisor, 'mute');
    expect(delays).toEqual([longest]);
    await clock.advance(longest);
    expect(await ended).toEqual({ ok: true });
  } else {
    supervisor.send({ type: 'supervisor.suspend' });
    const ended = shutDown(supervisor, 100, timers);
    await clock.advance(100);
    expect(delays).toEqual([100, longest]);
    await clock.advance(longest);
    expect(await ended).toEqual({ outcome: 'killed', unkilled: ['mute'] });
  }
});

test('no backoff that is accepted leads to a delay that is too long, or to none', () => {
  const milliseconds = fc.double({ min: 0, noNaN: true });
  const backoffs = fc.record({
    min: milliseconds,
    max: milliseconds,
    factor: fc.double({ min: 1, noNaN: true }),
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const failures = fc.integer({ min: 1, max: 10_000 });
  fc.assert(
    fc.property(backoffs, failures, random, (backoff, inARow, chance) => {
      fc.pre(isBackoff(backoff));
      const delay = backoffDelay(backoff, inARow, chance);
      expect(delay).toBeGreaterThan(0);
      expect(delay).toBeLessThanOrEqual(longest);
    }),
  );
});

test('no duration in a config file is longer than a timer holds', () => {
  expect(Duration.safeParse(longest).success).toBe(true);
  expect(Duration.safeParse(longest + 1).success).toBe(false);
  expect(Duration.safeParse('25d').success).toBe(false);
});
