import { expect, test } from 'vitest';
import { Turns } from '../../src/http/turns.ts';

const never = new AbortController().signal;

/** Something that goes on until it is told to end. */
function work() {
  let end = () => {};
  const promise = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { act: () => promise, end };
}

test('the third begins when one of two has ended, in the order in which they came', async () => {
  const turns = new Turns(2);
  const order: string[] = [];
  const [first, second] = [work(), work()];
  const taken = [turns.take(never, first.act), turns.take(never, second.act)];
  const waiting = ['third', 'fourth'].map((name) => turns.take(never, async () => order.push(name)));
  expect(order).toEqual([]);
  second.end();
  await Promise.all(waiting);
  expect(order).toEqual(['third', 'fourth']);
  first.end();
  await Promise.all(taken);
});

test('whoever leaves while waiting is passed over, and a failure ends a turn like any other end', async () => {
  const turns = new Turns(1);
  const first = work();
  const failing = turns.take(never, async () => {
    await first.act();
    throw new Error('failed');
  });
  const leaving = new AbortController();
  let hasBegun = false;
  const left = turns.take(leaving.signal, async () => {
    hasBegun = true;
  });
  const last = turns.take(never, async () => 'last');
  leaving.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  first.end();
  await expect(failing).rejects.toThrow('failed');
  expect(await last).toBe('last');
  expect(hasBegun).toBe(false);
  await expect(turns.take(leaving.signal, async () => 'never')).rejects.toThrow('gone');
});
