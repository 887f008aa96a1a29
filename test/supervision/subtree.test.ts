import { expect, test } from 'vitest';
import { createActor, fromCallback, fromPromise, setup } from 'xstate';
import { childrenOf, killsBelow, sweepBelow } from '../../machines/supervision/subtree.ts';

test('below nothing, and below what is no machine, there is nothing', () => {
  const promise = createActor(fromPromise(async () => undefined)).start();
  for (const ref of [undefined, promise]) {
    expect(childrenOf(ref)).toEqual([]);
    expect(killsBelow(ref)).toEqual([]);
    expect(() => sweepBelow(ref)).not.toThrow();
  }
});

test('a sweep stops the deepest and youngest first, and the actor itself not at all', () => {
  const stopped: string[] = [];
  const leaf = fromCallback<{ type: 'none' }, string>(
    ({ input }) =>
      () =>
        void stopped.push(input),
  );
  const branch = setup({ actors: { leaf } }).createMachine({
    invoke: [
      { src: 'leaf', input: 'c' },
      { src: 'leaf', input: 'd' },
    ],
  });
  const tree = setup({ actors: { leaf, branch } }).createMachine({
    invoke: [{ src: 'leaf', input: 'a' }, { src: 'branch' }, { src: 'leaf', input: 'b' }],
  });
  const root = createActor(tree).start();
  sweepBelow(root);
  expect(stopped).toEqual(['b', 'd', 'c', 'a']);
  expect(root.getSnapshot().status).toBe('active');
});
