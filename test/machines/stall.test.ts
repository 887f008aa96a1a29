/** A working agent under the watchdog's eye: when each step is due, and what puts it off. */
import { expect, test } from 'vitest';
import { type StallEvent, stallMachine } from '../../machines/stall.machine.ts';
import { type ChildStage, stageChild } from './child-stage.ts';

const stall = 300;
const step = 60;

const watched = () => stageChild(stallMachine, { agent: 'kaede', stall, step });
const begun = (at: number): StallEvent => ({ type: 'work.begun', at });
const evidence = (at: number): StallEvent => ({ type: 'evidence.seen', at });
const remedies = (stage: ChildStage) => stage.said.map((event) => event['remedy']);

async function working(): Promise<ChildStage> {
  const stage = await watched();
  await stage.send(begun(0));
  return stage;
}

test('silent, it is nudged after the stall time, interrupted a step later, restarted another later', async () => {
  const stage = await working();
  await stage.clock.advance(stall - 1);
  expect(stage).toMatchObject({ state: 'lively', said: [] });
  await stage.clock.advance(1);
  expect(stage).toMatchObject({ state: { silent: 'nudged' } });
  await stage.clock.advance(step - 1);
  expect(remedies(stage)).toEqual(['nudge']);
  await stage.clock.advance(1);
  expect(stage).toMatchObject({ state: { silent: 'interrupted' } });
  await stage.clock.advance(step - 1);
  expect(remedies(stage)).toEqual(['nudge', 'interrupt']);
  await stage.clock.advance(1);
  expect(stage).toMatchObject({ state: { silent: 'restarted' } });
  expect(remedies(stage)).toEqual(['nudge', 'interrupt', 'restart']);
});

test('a remedy names the agent and its latest sign of life', async () => {
  const stage = await working();
  await stage.send(evidence(1_234));
  await stage.clock.advance(stall);
  expect(stage.said).toEqual([{ type: 'remedy.due', remedy: 'nudge', agent: 'kaede', evidenceAt: 1_234 }]);
});

test('evidence puts the nudge off, as often as it comes', async () => {
  const stage = await working();
  for (let count = 0; count < 10; count += 1) {
    await stage.clock.advance(stall - 1);
    await stage.send(evidence(stage.clock.now()));
  }
  expect(stage).toMatchObject({ state: 'lively', said: [] });
});

test.each(['nudged', 'interrupted', 'restarted'])(
  'evidence after it was %s ends the silence; the steps begin at the first again',
  async (state) => {
    const stage = await working();
    const steps = ['nudged', 'interrupted', 'restarted'].indexOf(state);
    await stage.clock.advance(stall + steps * step);
    expect(stage.state).toEqual({ silent: state });
    const before = stage.said.length;
    await stage.send(evidence(stage.clock.now()));
    expect(stage.state).toBe('lively');
    await stage.clock.advance(stall - 1);
    expect(stage.said).toHaveLength(before);
    await stage.clock.advance(1);
    expect(remedies(stage).slice(before)).toEqual(['nudge']);
  },
);

test('a restart that brings nothing is followed by the steps again, after the stall time', async () => {
  const stage = await working();
  await stage.clock.advance(stall + 2 * step + stall - 1);
  expect(remedies(stage)).toHaveLength(3);
  await stage.clock.advance(1);
  expect(remedies(stage)).toEqual(['nudge', 'interrupt', 'restart', 'nudge']);
});

test('without work there is no remedy, whatever else is seen', async () => {
  const stage = await watched();
  await stage.send(evidence(5));
  expect(stage.state).toBe('resting');
  await stage.clock.advance(100 * stall);
  expect(stage.said).toEqual([]);
});

test.each(['lively', 'nudged', 'interrupted', 'restarted'])(
  'work that ends while it is %s ends the watch',
  async (state) => {
    const stage = await working();
    const steps = ['nudged', 'interrupted', 'restarted'].indexOf(state);
    if (steps >= 0) await stage.clock.advance(stall + steps * step);
    const before = stage.said.length;
    await stage.send({ type: 'work.ended' });
    await stage.clock.advance(100 * stall);
    expect(stage.state).toBe('resting');
    expect(stage.said).toHaveLength(before);
    expect(stage.clock.pending).toBe(0);
  },
);

test.each(['lively', 'nudged', 'interrupted', 'restarted'])(
  'work that begins while it is %s is watched from the start',
  async (state) => {
    const stage = await working();
    const steps = ['nudged', 'interrupted', 'restarted'].indexOf(state);
    await stage.clock.advance(steps < 0 ? stall - 1 : stall + steps * step);
    const before = stage.said.length;
    await stage.send(begun(7_000));
    await stage.clock.advance(stall - 1);
    expect(stage.said).toHaveLength(before);
    await stage.clock.advance(1);
    expect(stage.said.slice(before)).toMatchObject([{ remedy: 'nudge', evidenceAt: 7_000 }]);
  },
);
