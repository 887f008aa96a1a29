/** Trap: XState stops actors in the order they were started; what was built last has to go first. */
import { expect, test } from 'vitest';
import { createActor, fromCallback, setup } from 'xstate';
import { shutDown } from '../../../src/supervision/shut-down.ts';
import { supervisorSpec } from '../../../src/supervision/supervisor-spec.ts';
import { crash, openStage } from '../stage.ts';

test('XState alone: the first started is the first stopped', () => {
  const stopped: string[] = [];
  const leaf = fromCallback<{ type: 'none' }, string>(
    ({ input }) =>
      () =>
        void stopped.push(input),
  );
  const machine = setup({ actors: { leaf } }).createMachine({
    invoke: [
      { src: 'leaf', input: 'server' },
      { src: 'leaf', input: 'connection' },
    ],
  });
  createActor(machine).start().stop();
  expect(stopped).toEqual(['server', 'connection']);
});

test('a shutdown ends the tree in the reverse of its start order, nested supervisors in their place', async () => {
  const { worker, start, clock, takeLog } = openStage();
  const { supervisor } = await start({}, [
    worker('a'),
    supervisorSpec('broker', {}, [worker('b', { drain: 20 }), worker('c', { drain: 10 })]),
    worker('d', { drain: 5 }),
  ]);
  expect(takeLog()).toEqual(['0 +a', '0 +b', '0 +c', '0 +d']);
  const ended = shutDown(supervisor, 1000, clock);
  await clock.advance(100);
  expect(takeLog()).toEqual(['5 -d', '15 -c', '35 -b', '35 -a']);
  await ended;
});

test('a group restart ends its members in reverse as well, each waited for', async () => {
  const { worker, start, clock, takeLog } = openStage();
  const root = await start({ strategy: 'one_for_all', backoff: 'none' }, [
    worker('a', { drain: 10 }),
    worker('b'),
    worker('c', { drain: 10 }),
  ]);
  takeLog();
  crash(root, 'b');
  await clock.advance(100);
  expect(takeLog()).toEqual(['0 -b', '10 -c', '20 -a', '20 +a', '20 +b', '20 +c']);
});
