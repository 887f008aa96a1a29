/** Trap: what an actor throws while it is stopped comes back as an error event, in the middle of the stopping. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createActor, fromCallback, setup } from 'xstate';
import { terminateChild } from '../../../src/supervision/calls.ts';
import { describeTree } from '../../../src/supervision/describe-tree.ts';
import { shutDown } from '../../../src/supervision/shut-down.ts';
import { childSpec } from '../../../src/supervision/supervisor-spec.ts';
import { answerOf, crash, openStage } from '../stage.ts';

// XState's development build warns that the error finds its parent gone: that it does is what is tested here.
beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => undefined));
afterEach(() => void vi.restoreAllMocks());

/** A machine with three actors of its own, of which the middle one throws while it is stopped. */
function clumsy(note: (text: string) => void) {
  const leaf = fromCallback<{ type: 'none' }, string>(({ input }) => () => {
    note(`-${input}`);
    if (input === 'bad') throw new Error('stuck');
  });
  return setup({
    types: { events: {} as { type: 'crash' | 'leave' | 'shutdown' } },
    actors: { leaf },
    actions: {
      crash: () => {
        throw new Error('crash');
      },
    },
  }).createMachine({
    initial: 'working',
    states: {
      working: {
        invoke: [
          { src: 'leaf', input: 'first' },
          { src: 'leaf', input: 'bad' },
          { src: 'leaf', input: 'last' },
        ],
        on: { crash: { actions: 'crash' }, leave: 'left', shutdown: 'ended' },
      },
      left: {},
      ended: { type: 'final' },
    },
  });
}

test('XState alone: the machine goes down with the actor it wanted to be rid of', () => {
  const actor = createActor(clumsy(() => undefined));
  actor.subscribe({ error: () => undefined });
  actor.start().send({ type: 'leave' });
  expect(actor.getSnapshot()).toMatchObject({ status: 'error', error: { message: 'stuck' } });
});

test('after a crash everything else is stopped all the same, and the child comes back', async () => {
  const { start, clock, note, takeLog } = openStage();
  const root = await start({}, [childSpec({ id: 'a', start: { logic: clumsy(note) } })]);
  crash(root, 'a');
  await clock.advance(0);
  expect(takeLog()).toEqual(['0 -last', '0 -bad', '0 -first']);
  await clock.advance(1);
  expect(describeTree(root.supervisor).children).toMatchObject([{ pid: 'a#2', state: 'running' }]);
});

test('a child that is asked to end ends', async () => {
  const stage = openStage();
  const spec = childSpec({ id: 'a', start: { logic: clumsy(stage.note) } });
  const { supervisor } = await stage.start({}, [spec]);
  expect(await answerOf(stage, terminateChild(supervisor, 'a'))).toEqual({ ok: true });
  expect(stage.takeLog().sort()).toEqual(['0 -bad', '0 -first', '0 -last']);
  expect(Object.keys(supervisor.getSnapshot().children)).toEqual([]);
});

test('one that is ended by force ends, its kill is waited for, and its siblings end after it', async () => {
  const stage = openStage();
  const kill = (cause: string): Promise<void> =>
    new Promise((resolve) => {
      stage.note(`kill: ${cause}`);
      stage.clock.setTimeout(resolve, 30);
    });
  const { supervisor } = await stage.start({}, [
    stage.worker('before'),
    childSpec({ id: 'a', shutdown: 'brutal_kill', start: { logic: clumsy(stage.note), kill } }),
  ]);
  stage.takeLog();
  const ended = shutDown(supervisor, 1000, stage.clock);
  await stage.clock.advance(100);
  expect(stage.takeLog()).toEqual(['0 -last', '0 -bad', '0 -first', '0 kill: brutal', '30 -before']);
  expect(await ended).toEqual({ outcome: 'ended', reason: { kind: 'shutdown' } });
});

test('when the deadline passes everything is swept, whatever throws', async () => {
  const stage = openStage();
  const { supervisor } = await stage.start({}, [
    stage.worker('before'),
    childSpec({ id: 'a', start: { logic: clumsy(stage.note) } }),
  ]);
  supervisor.send({ type: 'supervisor.suspend' });
  stage.takeLog();
  const ended = shutDown(supervisor, 10, stage.clock);
  await stage.clock.advance(10);
  expect(stage.takeLog()).toEqual(['10 -last', '10 -bad', '10 -first', '10 -before']);
  expect(await ended).toEqual({ outcome: 'killed', unkilled: [] });
});
