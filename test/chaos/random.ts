/** Random numbers that a seed repeats: what a run draws is known before it begins. */

export interface Random {
  /** At least 0 and below 1. */
  next(): number;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  /** One of the list. @throws RangeError when it is empty */
  pick<Item>(list: readonly Item[]): Item;
}

/** mulberry32 (Tommy Ettinger, public domain): 32 bits of state, good enough to choose victims by. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    pick: (list) => pickAt(list, next()),
  };
}

/** The element that a number from 0 to below 1 points at. @throws RangeError when there is none */
export function pickAt<Item>(list: readonly Item[], at: number): Item {
  const picked = list[Math.floor(at * list.length)];
  if (picked === undefined) throw new RangeError('there is nothing to pick from');
  return picked;
}
