/** The watchdog: each sign goes to the eye of its agent, each remedy to the hands. */
import { expect, test } from 'vitest';
import type { RemedyEvent, StallEvent } from '../../machines/stall.machine.ts';
import { shutdown } from '../../machines/supervision/exit-reason.ts';
import { type WatchdogEvent, type WatchdogInput, watchdogMachine } from '../../machines/watchdog.machine.ts';
import { called, failing, stageChild } from './child-stage.ts';

const stall = 300;
const step = 60;
const input: WatchdogInput = { agents: ['kaede', 'sakura'], stall, step };

async function stageWatchdog() {
  const senses = called<WatchdogEvent, WatchdogInput>();
  const hands = called<RemedyEvent, WatchdogInput>();
  const parole = called<WatchdogEvent, WatchdogInput>();
  const actors = { senses: senses.logic, hands: hands.logic, parole: parole.logic };
  const stage = await stageChild(watchdogMachine.provide({ actors }), input);
  const sense = (agent: string, sign: StallEvent) =>
    senses.latest().sendBack({ type: 'agent.sensed', agent, sign } satisfies WatchdogEvent);
  const carriedOut = () => hands.latest().received.map((event) => `${event['agent']}: ${event['remedy']}`);
  return { stage, senses, hands, parole, sense, carriedOut };
}

test('is ready at once and says nothing else to its supervisor', async () => {
  const { stage, sense } = await stageWatchdog();
  sense('kaede', { type: 'work.begun', at: 0 });
  await stage.clock.advance(10 * stall);
  expect(stage).toMatchObject({ state: 'watching', said: [{ type: 'child.ready' }], end: undefined });
});

test('the silent agent alone is treated, step by step', async () => {
  const { stage, sense, carriedOut } = await stageWatchdog();
  sense('kaede', { type: 'work.begun', at: 0 });
  sense('sakura', { type: 'work.begun', at: 0 });
  await stage.clock.advance(stall - 1);
  sense('sakura', { type: 'evidence.seen', at: stage.clock.now() });
  await stage.clock.advance(1 + 2 * step);
  expect(carriedOut()).toEqual(['kaede: nudge', 'kaede: interrupt', 'kaede: restart']);
});

test('an agent that nobody said to be working is left alone', async () => {
  const { stage, sense, carriedOut } = await stageWatchdog();
  sense('kaede', { type: 'evidence.seen', at: 0 });
  sense('kaede', { type: 'work.begun', at: 0 });
  sense('kaede', { type: 'work.ended' });
  await stage.clock.advance(10 * stall);
  expect(carriedOut()).toEqual([]);
});

test('signs that are sent while the senses wake are not lost', async () => {
  const hands = called<RemedyEvent, WatchdogInput>();
  const senses = called<WatchdogEvent, WatchdogInput>();
  const early: WatchdogEvent = { type: 'agent.sensed', agent: 'kaede', sign: { type: 'work.begun', at: 0 } };
  const parole = called<WatchdogEvent, WatchdogInput>();
  const actors = { hands: hands.logic, senses: senses.eager(early), parole: parole.logic };
  const stage = await stageChild(watchdogMachine.provide({ actors }), input);
  await stage.clock.advance(stall);
  expect(hands.latest().received).toMatchObject([{ remedy: 'nudge', agent: 'kaede' }]);
});

test('a sign of an agent without an eye is passed over', async () => {
  const { stage, sense } = await stageWatchdog();
  sense('momiji', { type: 'work.begun', at: 0 });
  await stage.clock.advance(10 * stall);
  expect(stage).toMatchObject({ state: 'watching', end: undefined });
});

test('shut down, it ends as asked with senses, hands, eyes and paroles', async () => {
  const { stage, senses, hands, parole, sense, carriedOut } = await stageWatchdog();
  sense('kaede', { type: 'work.begun', at: 0 });
  await stage.send({ type: 'shutdown' });
  expect(stage).toMatchObject({ state: 'stopped', end: { type: 'done', output: shutdown } });
  expect([senses, hands, parole].map((one) => one.latest().stopped)).toEqual([true, true, true]);
  await stage.clock.advance(10 * stall);
  expect(carriedOut()).toEqual([]);
  expect(stage.clock.pending).toBe(0);
});

test.each(['senses', 'hands', 'parole'] as const)('crashes when its %s fail', async (which) => {
  const actors = {
    senses: called<WatchdogEvent, WatchdogInput>().logic,
    hands: called<RemedyEvent, WatchdogInput>().logic,
    parole: called<WatchdogEvent, WatchdogInput>().logic,
    [which]: failing('numb'),
  };
  const stage = await stageChild(watchdogMachine.provide({ actors }), input);
  expect(stage.end).toEqual({ type: 'crashed', error: new Error('numb') });
});
