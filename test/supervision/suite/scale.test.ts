/** How the work grows with the number of children: with it and no faster, counted in messages, not in time. */
import { expect, test } from 'vitest';
import { type Supervised, supervise, template } from './supervise.ts';

/** Counts what the supervisor is told from now on. */
function countMessages({ supervisor }: Supervised): () => number {
  let messages = 0;
  supervisor.system.inspect((inspected) => {
    if (inspected.type === '@xstate.event' && inspected.actorRef === supervisor) messages += 1;
  });
  return () => messages;
}

async function startAndEndDynamic(number: number): Promise<number> {
  const root = await supervise({ strategy: 'simple_one_for_one' }, (worker) => [
    template(worker('job', {}, { restart: 'temporary' })),
  ]);
  const messages = countMessages(root);
  for (let child = 1; child <= number; child += 1) await root.startDynamicChild();
  expect(await root.counts()).toEqual([1, number, 0, number]);
  for (let child = 1; child <= number; child += 1) await root.terminateChild(`job-${child}#1`);
  expect(await root.counts()).toEqual([1, 0, 0, 0]);
  expect(Object.keys(root.supervisor.getSnapshot().children)).toEqual([]);
  return messages();
}

test('simple_one_for_one_scale_many_temporary_children: a child costs the same among many as among few', async () => {
  const [few, many] = [await startAndEndDynamic(25), await startAndEndDynamic(100)];
  expect(many).toBeLessThanOrEqual(few * 4);
});

async function startAndEndStatic(number: number): Promise<number> {
  const root = await supervise({});
  const messages = countMessages(root);
  for (let child = 1; child <= number; child += 1) await root.startChild(root.worker(`a${child}`));
  expect(await root.counts()).toEqual([number, number, 0, number]);
  await root.shutDown();
  expect(root.fate()).toBe('shutdown');
  expect(root.takeExits()).toEqual(
    Array.from({ length: number }, (_, gone) => `a${number - gone}#1 shutdown`),
  );
  return messages();
}

test('scale_start_stop_many_children: starting and stopping many costs as many times more', async () => {
  const [few, many] = [await startAndEndStatic(40), await startAndEndStatic(160)];
  expect(many).toBeLessThanOrEqual(few * 4);
});
