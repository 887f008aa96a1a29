/** Trap: at a machine's start the actors of its first state start before its own entry actions run. */
import { expect, test } from 'vitest';
import { createActor, fromCallback, sendParent, setup } from 'xstate';
import { childReady } from '../../../machines/child-contract.ts';
import { startChild } from '../../../src/supervision/calls.ts';
import { childSpec } from '../../../src/supervision/supervisor-spec.ts';
import { answerOf, openStage } from '../stage.ts';

const unlimited = { ready: 'event', startTimeout: 'infinity' } as const;

test('XState alone: the actor speaks before its machine has entered', () => {
  const heard: string[] = [];
  const hasty = fromCallback(({ sendBack }) => {
    heard.push('actor');
    sendBack({ type: 'hasty' });
  });
  const machine = setup({
    actors: { hasty },
    actions: { enter: () => void heard.push('entry') },
  }).createMachine({ entry: 'enter', invoke: { src: 'hasty' } });
  createActor(machine).start();
  expect(heard).toEqual(['actor', 'entry']);
});

test.each([
  [
    'in its first entry',
    setup({ actions: { announce: sendParent(childReady) } }).createMachine({ entry: 'announce' }),
  ],
  ['as a callback, before it returns', fromCallback(({ sendBack }) => sendBack(childReady))],
  [
    'because an actor of its own was ready at once',
    setup({
      actors: { hasty: fromCallback(({ sendBack }) => sendBack({ type: 'open' })) },
      actions: { announce: sendParent(childReady) },
    }).createMachine({ invoke: { src: 'hasty' }, on: { open: { actions: 'announce' } } }),
  ],
])('a child that is ready %s is heard', async (_, logic) => {
  const stage = openStage();
  const { supervisor } = await stage.start({}, []);
  const begun = startChild(supervisor, childSpec({ id: 'a', start: { logic, ...unlimited } }));
  expect(await answerOf(stage, begun)).toEqual({ ok: true, pid: 'a#1' });
});

test('a child that fails in its first step has not started, even if it said before that it was ready', async () => {
  const stage = openStage();
  const { supervisor } = await stage.start({}, []);
  const logic = fromCallback(() => {
    throw new Error('no');
  });
  const begun = startChild(supervisor, childSpec({ id: 'a', start: { logic } }));
  expect(await answerOf(stage, begun)).toMatchObject({ error: 'start_failed', reason: { message: 'no' } });
});
