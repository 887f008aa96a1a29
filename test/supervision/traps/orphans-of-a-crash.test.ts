/** Trap: a machine that crashes by an exception leaves its children running for ever (statelyai/xstate issue 5153). */
import { expect, test } from 'vitest';
import { createActor, fromCallback, setup } from 'xstate';
import { describeTree } from '../../../src/supervision/describe-tree.ts';
import { childSpec, supervisorSpec } from '../../../src/supervision/supervisor-spec.ts';
import { VirtualClock } from '../../../src/supervision/virtual-clock.ts';
import { crash, openStage } from '../stage.ts';

/** A machine that crashes when told to; an actor of its own, and one of that one's, count every tenth millisecond. */
function ticking(clock: VirtualClock) {
  const ticks = { child: 0, grandchild: 0 };
  const ticker = fromCallback<{ type: 'none' }, keyof typeof ticks>(({ input }) => {
    let timer = 0;
    const wait = (): void => {
      timer = clock.setTimeout(() => {
        ticks[input] += 1;
        wait();
      }, 10);
    };
    wait();
    return () => clock.clearTimeout(timer);
  });
  const branch = setup({ actors: { ticker } }).createMachine({
    invoke: { src: 'ticker', input: 'grandchild' },
  });
  const machine = setup({
    types: { events: {} as { type: 'crash' | 'shutdown' } },
    actors: { ticker, branch },
    actions: {
      crash: () => {
        throw new Error('crash');
      },
    },
  }).createMachine({
    invoke: [{ src: 'ticker', input: 'child' }, { src: 'branch' }],
    on: { crash: { actions: 'crash' } },
  });
  return { machine, ticks };
}

test('XState alone: the actors of a crashed machine go on, even when all above them has been stopped', async () => {
  const clock = new VirtualClock();
  const { machine, ticks } = ticking(clock);
  const parent = setup({ actors: { child: machine } }).createMachine({
    invoke: { id: 'child', src: 'child' },
    on: { 'xstate.error.actor.child': {} },
  });
  const root = createActor(parent, { clock }).start();
  root.getSnapshot().children['child']?.send({ type: 'crash' });
  root.stop();
  await clock.advance(100);
  expect(ticks).toEqual({ child: 10, grandchild: 10 });
});

test('a crashed child leaves nothing that ticks, at any depth', async () => {
  const { clock, start } = openStage();
  const { machine, ticks } = ticking(clock);
  const root = await start({}, [childSpec({ id: 'a', restart: 'temporary', start: { logic: machine } })]);
  await clock.advance(50);
  crash(root, 'a');
  expect(ticks).toEqual({ child: 5, grandchild: 5 });
  await clock.advance(1000);
  expect(ticks).toEqual({ child: 5, grandchild: 5 });
  expect(clock.pending).toBe(0);
});

test('a supervisor that itself crashes leaves nothing behind, and is restarted with all its children', async () => {
  const { clock, worker, note, start, takeLog } = openStage();
  let isBroken = false;
  const now = (): number => {
    if (isBroken) throw new Error('no time');
    return clock.now();
  };
  const kill = (cause: string): void => {
    note(`kill b: ${cause}`);
    isBroken = false;
  };
  const children = [
    worker('a', {}, { start: { kill: () => note('kill a, which has ended by itself') } }),
    worker('b', {}, { start: { kill } }),
  ];
  const inner = supervisorSpec('inner', {}, children, { hooks: { now } });
  const root = await start({}, [inner]);
  takeLog();
  isBroken = true;
  crash(root, 'inner/a');
  await clock.advance(10);
  expect(takeLog()).toEqual(['0 -a', '0 -b', '0 kill b: orphaned', '0 +a', '0 +b']);
  expect(describeTree(root.supervisor).children).toMatchObject([{ id: 'inner', pid: 'inner#2' }]);
});
