/** Waiting for events, and taking turns. */
import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { Turns } from '../../src/agents/turns.ts';
import { until } from '../../src/agents/until.ts';

describe('until', () => {
  const listenTo = (emitter: EventEmitter) => (resolve: (value: string) => void) => {
    emitter.on('x', resolve);
    return () => emitter.off('x', resolve);
  };

  test('resolves with the first event and listens no longer', async () => {
    const emitter = new EventEmitter();
    const waited = until(new AbortController().signal, listenTo(emitter));
    emitter.emit('x', 'first');
    emitter.emit('x', 'second');
    expect(await waited).toBe('first');
    expect(emitter.listenerCount('x')).toBe(0);
  });

  test('rejects with the reason of the abort and listens no longer', async () => {
    const emitter = new EventEmitter();
    const controller = new AbortController();
    const waited = until(controller.signal, listenTo(emitter));
    controller.abort(new Error('no more'));
    await expect(waited).rejects.toThrow('no more');
    expect(emitter.listenerCount('x')).toBe(0);
  });

  test('aborted before, it does not listen at all', async () => {
    const emitter = new EventEmitter();
    await expect(until(AbortSignal.abort(new Error('before')), listenTo(emitter))).rejects.toThrow('before');
    expect(emitter.listenerCount('x')).toBe(0);
  });

  test('what has happened already resolves while it begins to listen', async () => {
    let stopped = 0;
    const waited = until<string>(new AbortController().signal, (resolve) => {
      resolve('already');
      return () => {
        stopped += 1;
      };
    });
    expect(await waited).toBe('already');
    expect(stopped).toBe(1);
  });
});

describe('turns', () => {
  test('one at a time, in the order of arrival, each with its own result', async () => {
    const turns = new Turns();
    const order: string[] = [];
    const act = (name: string) => async () => {
      order.push(`+${name}`);
      await Promise.resolve();
      order.push(`-${name}`);
      return name;
    };
    const results = await Promise.all(['a', 'b', 'c'].map((name) => turns.take(act(name))));
    expect(results).toEqual(['a', 'b', 'c']);
    expect(order).toEqual(['+a', '-a', '+b', '-b', '+c', '-c']);
  });

  test('one that fails fails alone', async () => {
    const turns = new Turns();
    const failed = turns.take(() => Promise.reject(new Error('gone')));
    const next = turns.take(() => Promise.resolve('next'));
    await expect(failed).rejects.toThrow('gone');
    expect(await next).toBe('next');
  });
});
