/** A port: what is offered is taken, what is not there is said so, and whoever waits gets the next. */
import { expect, test } from 'vitest';
import { Port, PortClosedError } from '../../src/ports/port.ts';

const patient = new AbortController().signal;

test('empty, it throws with its name and shows nothing', () => {
  const port = new Port<string>('tmux');
  expect(() => port.get()).toThrow(PortClosedError);
  expect(() => port.get()).toThrow('tmux is not open now');
  expect(port.peek()).toBeUndefined();
});

test('filled, it gives the same thing until it is emptied or filled anew', async () => {
  const port = new Port<{ run: number }>('the bus');
  const first = { run: 1 };
  port.fill(first);
  expect([port.get(), port.peek(), await port.whenOpen(patient)]).toEqual([first, first, first]);
  expect(port.get()).toBe(first);
  port.fill({ run: 2 });
  expect(port.get()).toEqual({ run: 2 });
  port.empty();
  expect(() => port.get()).toThrow(PortClosedError);
});

test('all who wait get what is offered next, in the order in which they came', async () => {
  const port = new Port<number>('the bus');
  const got: string[] = [];
  const waiting = ['first', 'second'].map((name) =>
    port.whenOpen(patient).then((value) => got.push(`${name} ${value}`)),
  );
  port.empty();
  port.fill(1);
  port.fill(2);
  await Promise.all(waiting);
  expect(got).toEqual(['first 1', 'second 1']);
});

test('a value that counts as false is a value', async () => {
  const port = new Port<number | string | boolean | null>('x');
  for (const value of [0, '', false, null]) {
    port.fill(value);
    expect([port.get(), await port.whenOpen(patient)]).toEqual([value, value]);
  }
});

test('who is ended while waiting gets nothing, and nothing of it stays', async () => {
  const port = new Port<number>('the bus');
  const ended = new AbortController();
  const waiting = port.whenOpen(ended.signal);
  ended.abort(new Error('ended'));
  port.fill(1);
  await expect(waiting).rejects.toThrow('ended');
  await expect(port.whenOpen(ended.signal)).rejects.toThrow('ended');
});
