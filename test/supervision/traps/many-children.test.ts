/** Trap: every spawn and stop copies the parent's map of children: thousands under one parent take minutes. */
import { expect, test } from 'vitest';
import { createActor, setup } from 'xstate';
import { Config } from '../../../src/config/config.ts';
import { mostAgents } from '../../../src/config/consistency.ts';
import { startChild, startDynamicChild, terminateChild } from '../../../src/supervision/calls.ts';
import { answerOf, openStage } from '../stage.ts';
import { filesWith } from './product-sources.ts';

test('XState alone: the map is another after each spawn', () => {
  const parent = setup({
    types: { events: {} as { type: 'spawn'; id: string } },
    actors: { child: setup({}).createMachine({}) },
  });
  const spawn = parent.spawnChild('child', { id: ({ event }) => event.id });
  const actor = createActor(parent.createMachine({ on: { spawn: { actions: spawn } } })).start();
  actor.send({ type: 'spawn', id: 'a' });
  const { children } = actor.getSnapshot();
  actor.send({ type: 'spawn', id: 'b' });
  expect(Object.keys(children)).toEqual(['a']);
  expect(Object.keys(actor.getSnapshot().children)).toEqual(['a', 'b']);
});

test.each(['one_for_one', 'simple_one_for_one'] as const)(
  'maxChildren bounds a supervisor of strategy %s, and an end makes room',
  async (strategy) => {
    const stage = openStage();
    const { worker } = stage;
    const specs = strategy === 'one_for_one' ? [] : [worker('job')];
    const { supervisor } = await stage.start({ strategy, maxChildren: 2 }, specs);
    const temporary = { restart: 'temporary' } as const;
    const start = (number: number) =>
      strategy === 'one_for_one'
        ? startChild(supervisor, worker(`job-${number}`, {}, temporary))
        : startDynamicChild(supervisor, number);
    expect(await answerOf(stage, start(1))).toEqual({ ok: true, pid: 'job-1#1' });
    expect(await answerOf(stage, start(2))).toEqual({ ok: true, pid: 'job-2#1' });
    expect(await answerOf(stage, start(3))).toEqual({ ok: false, error: 'max_children' });
    const first = strategy === 'one_for_one' ? 'job-1' : 'job-1#1';
    expect(await answerOf(stage, terminateChild(supervisor, first))).toEqual({ ok: true });
    expect(await answerOf(stage, start(3))).toEqual({ ok: true, pid: 'job-3#1' });
  },
);

test('agents, the only children whose number a user decides, are limited', () => {
  const agent = {
    adapter: 'command',
    command: ['true'],
    roles: ['codegen', 'review', 'pr', 'deploy'],
  };
  const configOf = (count: number) => ({
    agents: Object.fromEntries(Array.from({ length: count }, (_, index) => [`agent-${index}`, agent])),
  });
  expect(mostAgents).toBeLessThanOrEqual(200);
  expect(Config.safeParse(configOf(mostAgents)).success).toBe(true);
  expect(Config.safeParse(configOf(mostAgents + 1)).error?.issues).toMatchObject([{ path: ['agents'] }]);
});

test('nothing in the product starts children beyond its tree, and so without limit', async () => {
  const isElsewhere = (path: string) => path.startsWith('src/') && path !== 'src/supervision/calls.ts';
  expect(await filesWith(/\bstart(?:Dynamic)?Child\(/u, isElsewhere)).toEqual([]);
});
