/** Trap: sends are synchronous, so restarts without a delay run in one burst and the event loop starves. */
import { expect, test } from 'vitest';
import { fromCallback } from 'xstate';
import type { SupervisorFlags } from '../../../machines/supervision/supervisor-flags.ts';
import { findChild } from '../../../src/supervision/actor-tree.ts';
import { endOf } from '../../../src/supervision/shut-down.ts';
import { startSupervisor } from '../../../src/supervision/start-supervisor.ts';
import { childSpec } from '../../../src/supervision/supervisor-spec.ts';
import { filesWith } from './product-sources.ts';

/** A child that starts once and fails at every later start, on Node's own timers; and the event loop's turn at each. */
async function storm(flags: SupervisorFlags): Promise<{ turns: number[]; ended: Promise<unknown> }> {
  const turns: number[] = [];
  let turn = 0;
  let isOver = false;
  const count = (): void => {
    turn += 1;
    if (!isOver) setImmediate(count);
  };
  count();
  const logic = fromCallback<{ type: 'fail' }, object>(({ receive }) => {
    turns.push(turn);
    if (turns.length > 1) throw new Error('no start');
    receive(() => {
      throw new Error('fail');
    });
  });
  const { supervisor } = startSupervisor({ flags, children: [childSpec({ id: 'a', start: { logic } })] });
  const ended = endOf(supervisor).finally(() => {
    isOver = true;
  });
  findChild(supervisor, 'a')?.send({ type: 'fail' });
  return { turns, ended };
}

test('without backoff, as in OTP, the whole storm is one turn', async () => {
  const { turns, ended } = await storm({ intensity: 200, period: 60, backoff: 'none' });
  await ended;
  expect(turns).toHaveLength(201);
  expect(new Set(turns).size).toBe(1);
});

test.each<[string, SupervisorFlags]>([
  ['the default backoff', { intensity: 4, period: 60 }],
  ['the shortest', { intensity: 100, period: 60, backoff: { min: 1, max: 1, factor: 1, jitter: 0 } }],
  [
    'a backoff below what a timer can measure',
    { intensity: 9, backoff: { min: 1e-9, max: 1e-9, factor: 1, jitter: 0 } },
  ],
])('with %s the event loop has its turn between any two starts', async (_, flags) => {
  const { turns, ended } = await storm(flags);
  expect(turns).toHaveLength(1);
  expect(await ended).toEqual({ outcome: 'ended', reason: { kind: 'shutdown' } });
  expect(turns).toHaveLength((flags.intensity ?? 0) + 1);
  expect(new Set(turns).size).toBe(turns.length);
});

test('nothing in the product asks for restarts at once', async () => {
  expect(await filesWith(/backoff:\s*'none'/u)).toEqual([]);
});
