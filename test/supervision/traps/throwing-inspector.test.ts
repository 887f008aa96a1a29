/** Trap: what an inspector throws comes out of `send`, in the middle of the actor that sends. */
import { expect, test } from 'vitest';
import { createActor, type InspectionEvent, setup } from 'xstate';
import { InspectionHub } from '../../../src/inspection/hub.ts';
import { describeTree } from '../../../src/supervision/describe-tree.ts';
import { endOf, shutDown } from '../../../src/supervision/shut-down.ts';
import { startSupervisor } from '../../../src/supervision/start-supervisor.ts';
import { supervisorSpec } from '../../../src/supervision/supervisor-spec.ts';
import { crash, openStage } from '../stage.ts';

function broken(): never {
  throw new Error('the viewer is gone');
}

test('XState alone: the sender gets it', () => {
  const inspect = ({ type }: InspectionEvent): void => {
    if (type === '@xstate.event') broken();
  };
  let isAttached = false;
  const machine = setup({}).createMachine({ on: { hello: {} } });
  const actor = createActor(machine, { inspect: (event) => isAttached && inspect(event) }).start();
  isAttached = true;
  expect(() => actor.send({ type: 'hello' })).toThrow('the viewer is gone');
});

test('whoever listens or watches may throw: the tree goes its way, and it is told once', async () => {
  const { worker, clock, log } = openStage();
  const failures: unknown[] = [];
  const hub = new InspectionHub({ failed: (error) => failures.push(error) });
  hub.onTransition(broken);
  hub.attach({ restart: broken, send: broken, isSlow: () => false });
  const root = startSupervisor(
    {
      flags: { intensity: 9, period: 60 },
      children: [worker('a'), supervisorSpec('inner', { intensity: 9 }, [worker('b'), worker('c')])],
      hooks: { now: clock.now },
    },
    { clock, inspect: hub.observer },
  );
  await root.started;
  crash(root, 'a');
  crash(root, 'inner/b');
  await clock.advance(10);
  expect(log).toEqual(['0 +a', '0 +b', '0 +c', '0 -a', '0 +a', '0 -b', '0 +b']);
  expect(describeTree(root.supervisor)).toMatchObject({ phase: 'running', children: [{ pid: 'a#2' }, {}] });
  const ended = shutDown(root.supervisor, 100, clock);
  await clock.advance(100);
  expect(await ended).toEqual({ outcome: 'ended', reason: { kind: 'shutdown' } });
  expect(await endOf(root.supervisor)).toMatchObject({ outcome: 'ended' });
  expect(failures).toMatchObject([{ message: 'the viewer is gone' }]);
});

test('a viewer that throws whatever it is asked keeps nobody else from seeing', async () => {
  const failures: unknown[] = [];
  const hub = new InspectionHub({ failed: (error) => failures.push(error) });
  const machine = setup({}).createMachine({ id: 'greeter', on: { hello: {} } });
  const actor = createActor(machine, { inspect: hub.observer }).start();
  hub.attach({ restart: broken, send: broken, isSlow: broken });
  const seen = new Promise((resolve) => {
    hub.attach({ restart: () => undefined, send: resolve, isSlow: () => false });
  });
  actor.send({ type: 'hello' });
  expect(await seen).toMatchObject([{ event: { type: 'hello' } }, { orchestra: { machine: 'greeter' } }]);
  expect(failures).toMatchObject([{ message: 'the viewer is gone' }]);
});
