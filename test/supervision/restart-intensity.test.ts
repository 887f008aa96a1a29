import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chargeRestart } from '../../machines/supervision/restart-intensity.ts';
import { crash, openStage } from './stage.ts';

/** Non-decreasing whole seconds. */
const times = fc
  .array(fc.nat({ max: 8 }), { minLength: 1, maxLength: 60 })
  .map((gaps) => gaps.map((_, index) => gaps.slice(0, index + 1).reduce((sum, gap) => sum + gap, 0)));

test('a restart is allowed exactly if no more than intensity of them lie in the closed window that ends with it', () => {
  const limits = fc.record({ intensity: fc.nat({ max: 6 }), period: fc.integer({ min: 1, max: 12 }) });
  fc.assert(
    fc.property(times, limits, (moments, limit) => {
      let restarts: readonly number[] = [];
      moments.forEach((now, index) => {
        const charged = chargeRestart(restarts, now, limit);
        const inWindow = moments.slice(0, index + 1).filter((moment) => moment >= now - limit.period);
        expect(charged.allowed).toBe(inWindow.length <= limit.intensity);
        expect(charged.restarts).toEqual(inWindow.reverse());
        restarts = charged.restarts;
      });
    }),
  );
});

test.each([
  ['exactly period seconds later still counts', 5000, 'done'],
  ['so does any moment of that second: time is cut to whole seconds', 5999, 'done'],
  ['a second later no longer', 6000, 'active'],
])('a second crash %s', async (_, later, status) => {
  const { worker, start, clock } = openStage();
  const root = await start({ intensity: 1, period: 5, backoff: 'none' }, [worker('a')]);
  crash(root, 'a');
  await clock.advance(later);
  crash(root, 'a');
  await clock.advance(0);
  expect(root.supervisor.getSnapshot().status).toBe(status);
});

test('a crash every 2.1 s is no reason to give up with intensity 1 in 1 s', async () => {
  const { worker, start, clock, log } = openStage();
  const flags = { intensity: 1, period: 1, backoff: 'none' } as const;
  const { supervisor } = await start(flags, [worker('a', { crashAfter: 2100 })]);
  await clock.advance(21_500);
  expect(supervisor.getSnapshot().status).toBe('active');
  expect(log.filter((line) => line.includes('+'))).toHaveLength(11);
});
