/** Looking for orphans, and cleaning those that two looks have seen; what an orphan is, each kind says itself. */
import { setTimeout as delay } from 'node:timers/promises';
import { Looks } from './looks.ts';
import type { FoundOrphan, Orphan } from './orphan.ts';

/** Looks for orphans of one kind or of several. */
export type Finder = () => Promise<FoundOrphan[]> | FoundOrphan[];

export interface SweepOptions {
  /** In the order in which they are cleaned: processes go before the pane they ran in. */
  readonly finders: readonly Finder[];
  /** How far apart two looks are, in ms. */
  readonly gapMs: number;
  /** Hears that one kind could not be looked for, or one orphan not be cleaned; the others are. */
  onProblem(error: unknown): void;
}

export interface Swept {
  /** What was cleaned. */
  readonly cleaned: readonly Orphan[];
  /** What is still there: for a person to decide, or not to be cleaned now. */
  readonly left: readonly Orphan[];
}

export class Sweep {
  readonly #options: SweepOptions;
  readonly #looks: Looks;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: SweepOptions) {
    this.#options = options;
    this.#looks = new Looks(options.gapMs);
  }

  /** What belongs to nobody at this moment, as far as one look can tell. */
  async look(): Promise<Orphan[]> {
    return (await this.#find()).map(({ orphan }) => orphan);
  }

  /** Cleans by rule; what no earlier look has seen is looked at a second time before. Several calls take their turn. */
  clean(signal: AbortSignal): Promise<Swept> {
    const swept = this.#turn.then(() => this.#clean(signal));
    this.#turn = swept.catch(() => undefined);
    return swept;
  }

  async #clean(signal: AbortSignal): Promise<Swept> {
    let found = await this.#find();
    let ripe = this.#looks.take(found, performance.now());
    if (ripe.length < found.length) {
      // A timer may fire a little early.
      await delay(this.#options.gapMs + 5, undefined, { signal });
      found = await this.#find();
      ripe = this.#looks.take(found, performance.now());
    }
    const cleaned: Orphan[] = [];
    const left: Orphan[] = [];
    for (const one of ripe) {
      signal.throwIfAborted();
      const refused = await this.#cleanOne(one);
      if (refused === undefined) cleaned.push(one.orphan);
      else left.push(refused);
    }
    return { cleaned, left };
  }

  /** @returns what is to be said of it when it stays */
  async #cleanOne({ orphan, clean }: FoundOrphan): Promise<Orphan | undefined> {
    if (clean === undefined) return orphan;
    try {
      const refusal = await clean();
      if (refusal === undefined) return undefined;
      const { why, advice } = refusal;
      return {
        ...orphan,
        remedy: 'kept',
        why: `${orphan.why}; ${why}`,
        ...(advice !== undefined && { advice }),
      };
    } catch (error) {
      this.#options.onProblem(error);
      return { ...orphan, remedy: 'kept', why: `${orphan.why}; ${String(error)}` };
    }
  }

  async #find(): Promise<FoundOrphan[]> {
    const found: FoundOrphan[] = [];
    for (const finder of this.#options.finders) {
      try {
        found.push(...(await finder()));
      } catch (error) {
        this.#options.onProblem(error);
      }
    }
    return found;
  }
}
