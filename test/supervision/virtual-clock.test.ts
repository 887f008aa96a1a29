import { expect, test } from 'vitest';
import { VirtualClock } from '../../src/supervision/virtual-clock.ts';

test('timers fire at their own time, those of one time in the order they were set', async () => {
  const clock = new VirtualClock();
  const fired: string[] = [];
  const note = (name: string) => () => fired.push(`${name}@${clock.now()}`);
  clock.setTimeout(note('late'), 30);
  clock.setTimeout(note('first'), 10);
  clock.setTimeout(note('second'), 10);
  const cancelled = clock.setTimeout(note('cancelled'), 5);
  clock.clearTimeout(cancelled);
  await clock.advance(29);
  expect(fired).toEqual(['first@10', 'second@10']);
  expect(clock.pending).toBe(1);
  await clock.advance(1);
  expect(fired.at(-1)).toBe('late@30');
});

test('a chain of timers and promises goes as in real time', async () => {
  const clock = new VirtualClock();
  const moments: number[] = [];
  const sleep = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      clock.setTimeout(resolve, milliseconds);
    });
  const chain = async (): Promise<void> => {
    for (let link = 0; link < 5; link += 1) {
      await sleep(10);
      moments.push(clock.now());
    }
  };
  const done = chain();
  await clock.advance(100);
  await done;
  expect(moments).toEqual([10, 20, 30, 40, 50]);
  expect(clock.now()).toBe(100);
});
