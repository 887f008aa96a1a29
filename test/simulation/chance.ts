/** All chance of a simulation, from one seed: the same seed makes the same numbers on every machine. */

/** One stream of numbers. Each part of the simulation has its own, so that one that asks more often moves no other. */
export class Chance {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(seed: number, name = '') {
    let hash = 2166136261 ^ seed;
    for (const character of `${seed}:${name}`)
      hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619);
    [this.#a, this.#b, this.#c, this.#d] = [hash | 0, seed | 0, 0x9e3779b9 | 0, 0x243f6a88 | 0];
    for (let round = 0; round < 20; round += 1) this.next();
  }

  /** In [0, 1): Chris Doty-Humphrey's sfc32. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** In [0, limit). */
  integer(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** Of nothing, undefined. */
  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[this.integer(items.length)];
  }

  /** The wait for the next of events that come at random, `mean` apart. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** Log-normal with this mean; `sigma` is that of the logarithm. */
  logNormal(mean: number, sigma: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    return mean * Math.exp(sigma * normal - sigma ** 2 / 2);
  }

  /** An index, each as likely as its weight says. */
  weighted(weights: readonly number[]): number {
    let left = this.next() * weights.reduce((sum, weight) => sum + weight, 0);
    const index = weights.findIndex((weight) => {
      left -= weight;
      return left < 0;
    });
    return Math.max(index, 0);
  }

  uuid(): `${string}-${string}-${string}-${string}-${string}` {
    const digits = Array.from({ length: 4 }, () =>
      Math.floor(this.next() * 4294967296)
        .toString(16)
        .padStart(8, '0'),
    ).join('');
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
  }
}
