/** The scheduler and the reconciler: a round after every change and every interval, and never two at once. */
import { describe, expect, test } from 'vitest';
import {
  type ReconcilerEvent,
  type ReconcilerInput,
  reconcilerMachine,
} from '../../machines/reconciler.machine.ts';
import {
  type SchedulerEvent,
  type SchedulerInput,
  schedulerMachine,
} from '../../machines/scheduler.machine.ts';
import { shutdown } from '../../machines/supervision/exit-reason.ts';
import { called, failing, promised, stageChild } from './child-stage.ts';

const interval = 5_000;
const isReady = [{ type: 'child.ready' }];

async function stageScheduler() {
  const round = promised<SchedulerInput>();
  const watch = called<SchedulerEvent, SchedulerInput>();
  const actors = { watchBoard: watch.logic, planAndClaim: round.logic };
  const stage = await stageChild(schedulerMachine.provide({ actors }), { tick: interval });
  const change = () => watch.latest().sendBack({ type: 'board.changed' });
  return { stage, round, watch, change };
}

async function stageReconciler() {
  const open = promised<ReconcilerInput>();
  const round = promised<ReconcilerInput>();
  const close = promised<ReconcilerInput>();
  const watch = called<ReconcilerEvent, ReconcilerInput>();
  const actors = {
    openSubject: open.logic,
    watchSubject: watch.logic,
    reconcile: round.logic,
    closeSubject: close.logic,
  };
  const stage = await stageChild(reconcilerMachine.provide({ actors }), { subject: 'tracker', interval });
  const change = () => watch.latest().sendBack({ type: 'subject.changed' });
  return { stage, open, round, close, watch, change };
}

const kinds = [
  { kind: 'scheduler', running: 'scheduling', busy: 'planning', begin: stageScheduler },
  {
    kind: 'reconciler, once open',
    running: 'following',
    busy: 'reconciling',
    async begin() {
      const staged = await stageReconciler();
      staged.open.latest().resolve();
      await staged.stage.settle();
      return staged;
    },
  },
];

describe.each(kinds)('$kind', ({ running, busy, begin }) => {
  test('begins with a round, then rests until the interval is over', async () => {
    const { stage, round } = await begin();
    expect(stage).toMatchObject({ state: { [running]: { [busy]: 'fresh' } }, said: isReady });
    round.latest().resolve();
    await stage.settle();
    expect(stage.state).toEqual({ [running]: 'resting' });
    await stage.clock.advance(interval - 1);
    expect(round.calls).toHaveLength(1);
    await stage.clock.advance(1);
    expect(round.calls).toHaveLength(2);
    expect(stage.said, 'ready is said once').toEqual(isReady);
  });

  test('a change ends the rest at once, and the interval begins anew after it', async () => {
    const { stage, round, change } = await begin();
    round.latest().resolve();
    await stage.clock.advance(interval - 1);
    change();
    expect(round.calls).toHaveLength(2);
    round.latest().resolve();
    await stage.clock.advance(interval - 1);
    expect(round.calls).toHaveLength(2);
    await stage.clock.advance(1);
    expect(round.calls).toHaveLength(3);
  });

  test('however many changes come during a round, exactly one further round follows, after it', async () => {
    const { stage, round, change } = await begin();
    for (let count = 0; count < 5; count += 1) change();
    expect(stage.state).toEqual({ [running]: { [busy]: 'stale' } });
    expect(round.calls, 'never two at once').toHaveLength(1);
    round.latest().resolve();
    await stage.settle();
    expect(stage.state).toEqual({ [running]: { [busy]: 'fresh' } });
    expect(round.calls).toHaveLength(2);
    round.latest().resolve();
    await stage.settle();
    expect(stage.state).toEqual({ [running]: 'resting' });
    await stage.clock.advance(interval - 1);
    expect(round.calls).toHaveLength(2);
  });

  test('a change during the further round leads to one more', async () => {
    const { stage, round, change } = await begin();
    for (const expected of [2, 3, 4]) {
      change();
      round.latest().resolve();
      await stage.settle();
      expect(round.calls).toHaveLength(expected);
    }
  });

  test('the board stays watched from round to round', async () => {
    const { stage, round, watch, change } = await begin();
    change();
    round.latest().resolve();
    await stage.settle();
    round.latest().resolve();
    await stage.clock.advance(interval);
    expect(watch.lives).toHaveLength(1);
    expect(watch.latest().stopped).toBe(false);
  });

  test.each(['fresh', 'stale'])('crashes when a %s round fails', async (state) => {
    const { stage, round, watch, change } = await begin();
    if (state === 'stale') change();
    round.latest().reject(new Error('no answer'));
    await stage.settle();
    expect(stage.end).toEqual({ type: 'crashed', error: new Error('no answer') });
    expect(watch.latest().stopped).toBe(true);
  });
});

describe('scheduler', () => {
  test.each(['fresh', 'stale', 'resting'])(
    'shut down while it is %s, it ends as asked and stops watching',
    async (state) => {
      const { stage, round, watch, change } = await stageScheduler();
      if (state === 'stale') change();
      if (state === 'resting') round.latest().resolve();
      await stage.settle();
      await stage.send({ type: 'shutdown' });
      expect(stage).toMatchObject({ state: 'stopped', end: { type: 'done', output: shutdown } });
      expect(watch.latest().stopped).toBe(true);
      if (state !== 'resting') expect(round.latest().signal.aborted).toBe(true);
      expect(stage.clock.pending).toBe(0);
    },
  );

  test('crashes when the board cannot be watched', async () => {
    const actors = {
      watchBoard: failing<SchedulerEvent, SchedulerInput>('the task store is not open'),
      planAndClaim: promised<SchedulerInput>().logic,
    };
    const stage = await stageChild(schedulerMachine.provide({ actors }), { tick: interval });
    expect(stage.end).toEqual({ type: 'crashed', error: new Error('the task store is not open') });
  });
});

describe('reconciler', () => {
  test('is not ready before its subject is open, and crashes when that fails', async () => {
    const { stage, open, round, watch } = await stageReconciler();
    expect(stage).toMatchObject({ state: 'opening', said: [] });
    open.latest().reject(new Error('no folder'));
    await stage.settle();
    expect(stage).toMatchObject({ said: [], end: { type: 'crashed', error: new Error('no folder') } });
    expect([round.calls, watch.lives]).toEqual([[], []]);
  });

  test.each(['fresh', 'stale', 'resting'])(
    'shut down while it is %s, it closes its subject',
    async (state) => {
      const { stage, open, round, close, watch, change } = await stageReconciler();
      open.latest().resolve();
      await stage.settle();
      if (state === 'stale') change();
      if (state === 'resting') round.latest().resolve();
      await stage.settle();
      await stage.send({ type: 'shutdown' });
      expect(stage).toMatchObject({ state: 'closing', end: undefined });
      expect(watch.latest().stopped).toBe(true);
      close.latest().resolve();
      await stage.settle();
      expect(stage).toMatchObject({ state: 'closed', end: { type: 'done', output: shutdown } });
    },
  );

  test('crashes when its subject cannot be closed', async () => {
    const { stage, open, close } = await stageReconciler();
    open.latest().resolve();
    await stage.settle();
    await stage.send({ type: 'shutdown' });
    close.latest().reject(new Error('stuck'));
    await stage.settle();
    expect(stage.end).toEqual({ type: 'crashed', error: new Error('stuck') });
  });
});
