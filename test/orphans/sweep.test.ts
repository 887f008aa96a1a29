import { expect, test } from 'vitest';
import { type FoundOrphan, kept, type Refusal } from '../../src/orphans/orphan.ts';
import { Sweep } from '../../src/orphans/sweep.ts';

/** Orphans that are gone when they were cleaned; each writes down that it was. */
class Shelf {
  readonly cleaned: string[] = [];
  readonly #there = new Map<string, () => Promise<Refusal | undefined>>();

  put(id: string, refusal?: () => Promise<Refusal>): void {
    this.#there.set(id, async () => {
      this.cleaned.push(id);
      const refused = await refusal?.();
      if (refused === undefined) this.#there.delete(id);
      return refused;
    });
  }

  take(id: string): void {
    this.#there.delete(id);
  }

  readonly find = (): FoundOrphan[] =>
    [...this.#there].map(([id, clean]) => ({
      orphan: { kind: 'file', id, why: 'left', remedy: 'removed' },
      identity: id,
      clean,
    }));
}

function sweepOf(finders: ConstructorParameters<typeof Sweep>[0]['finders'], gapMs = 1) {
  const problems: unknown[] = [];
  return { problems, sweep: new Sweep({ finders, gapMs, onProblem: (error) => problems.push(error) }) };
}

const never = new AbortController().signal;

test('what two looks have seen is cleaned in the order of the finders, and told', async () => {
  const shelf = new Shelf();
  shelf.put('b');
  shelf.put('a');
  const { sweep } = sweepOf([shelf.find]);
  const { cleaned, left } = await sweep.clean(never);
  expect(cleaned.map(({ id }) => id)).toEqual(['b', 'a']);
  expect(shelf.cleaned).toEqual(['b', 'a']);
  expect(left).toEqual([]);
  expect(await sweep.clean(never)).toEqual({ cleaned: [], left: [] });
});

test('what is gone at the second look is left alone', async () => {
  const shelf = new Shelf();
  shelf.put('a');
  let looks = 0;
  const { sweep } = sweepOf([
    () => {
      looks += 1;
      if (looks === 2) shelf.take('a');
      return shelf.find();
    },
  ]);
  expect(await sweep.clean(never)).toEqual({ cleaned: [], left: [] });
  expect(shelf.cleaned).toEqual([]);
});

test('looking alone cleans nothing', async () => {
  const shelf = new Shelf();
  shelf.put('a');
  const { sweep } = sweepOf([shelf.find]);
  expect((await sweep.look()).map(({ id }) => id)).toEqual(['a']);
  expect((await sweep.look()).map(({ id }) => id)).toEqual(['a']);
  expect(shelf.cleaned).toEqual([]);
});

test('what must be kept, and what refuses, is named with what a person can do', async () => {
  const shelf = new Shelf();
  shelf.put('a', async () => ({ why: 'somebody is in it', advice: 'look' }));
  shelf.put('b', async () => Promise.reject(new Error('the disk is gone')));
  shelf.put('c');
  const { sweep, problems } = sweepOf([shelf.find, () => [kept('branch', 'work', 'unmerged', 'merge it')]]);
  const { cleaned, left } = await sweep.clean(never);
  expect(cleaned.map(({ id }) => id)).toEqual(['c']);
  expect(left).toEqual([
    { kind: 'file', id: 'a', why: 'left; somebody is in it', advice: 'look', remedy: 'kept' },
    { kind: 'file', id: 'b', why: 'left; Error: the disk is gone', remedy: 'kept' },
    { kind: 'branch', id: 'work', why: 'unmerged', advice: 'merge it', remedy: 'kept' },
  ]);
  expect(problems).toEqual([new Error('the disk is gone')]);
});

test('a kind that cannot be looked for does not stop the others', async () => {
  const shelf = new Shelf();
  shelf.put('a');
  const { sweep, problems } = sweepOf([() => Promise.reject(new Error('no git')), shelf.find]);
  expect((await sweep.clean(never)).cleaned).toHaveLength(1);
  expect(problems).not.toEqual([]);
});

test('several who clean take their turn: nothing is cleaned twice', async () => {
  const shelf = new Shelf();
  shelf.put('a');
  const { sweep } = sweepOf([shelf.find]);
  const swept = await Promise.all([sweep.clean(never), sweep.clean(never), sweep.clean(never)]);
  expect(swept.flatMap(({ cleaned }) => cleaned)).toHaveLength(1);
  expect(shelf.cleaned).toEqual(['a']);
});

test('it can be ended between its looks', async () => {
  const shelf = new Shelf();
  shelf.put('a');
  const { sweep } = sweepOf([shelf.find], 60_000);
  const controller = new AbortController();
  const swept = sweep.clean(controller.signal);
  controller.abort();
  await expect(swept).rejects.toThrow();
  expect(shelf.cleaned).toEqual([]);
});
