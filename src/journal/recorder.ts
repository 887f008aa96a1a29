/** The journal's memory: takes in every transition at once, hands them out in pages, and forgets one when it is stored. */
import type { Transition } from '../inspection/transition.ts';
import type { JournalPage } from './journal-page.ts';
import { Standing } from './standing.ts';

export interface RecorderOptions {
  /** Names this life of this daemon. */
  boot: string;
  node: string;
  /** How many transitions may wait; beyond it the oldest are dropped and counted. Default 20 000, some 10 MB. */
  limit?: number;
  /** Transitions are being dropped; said once a gap. */
  onDropping?: () => void;
}

const pageSize = 200;

/** At most so often, in ms, a page says where everything stands: to know the past a reader need not go back further. */
export const standingInterval = 30 * 60_000;

/** More machines than a page can hold (1 MiB) are not told. */
const mostStanding = 2_000;

/** So many are dropped at a time, because each time the rest of the queue moves up. */
const dropSize = 500;

/** Lives as long as the daemon, whatever becomes of the bus and of the actor that stores the pages. */
export class JournalRecorder {
  readonly #options: Required<RecorderOptions>;
  readonly #waiting: Transition[] = [];
  /** Where everything stood before the first that waits. */
  readonly #standing = new Standing();
  #standingDueAt = 0;
  #missing = 0;
  #sequence = 0;
  #page: JournalPage | undefined;

  constructor({ limit = 20_000, onDropping = () => {}, ...options }: RecorderOptions) {
    this.#options = { limit, onDropping, ...options };
  }

  /** Never waits and never fails. Routine is not recorded. */
  record(transition: Transition): void {
    if (transition.routine) return;
    this.#waiting.push(transition);
    if (this.#waiting.length > this.#options.limit) this.#drop();
  }

  /** How many transitions are not stored yet. */
  get waiting(): number {
    return this.#waiting.length + (this.#page?.transitions.length ?? 0);
  }

  /** The page to store next: the same one until it is `stored` or `lost`. Undefined when there is nothing to say. */
  page(now = Date.now()): JournalPage | undefined {
    this.#page ??= this.#nextPage(now);
    return this.#page;
  }

  stored(page: JournalPage): void {
    if (page === this.#page) this.#page = undefined;
  }

  /** It can never be stored; the next page says so. */
  lost(page: JournalPage): void {
    if (page !== this.#page) return;
    this.#page = undefined;
    this.#missing += page.transitions.length + (page.missing ?? 0);
    // Where everything stands may be just what was too much: that is told again when its time comes.
    if (!page.standing) this.#standingDueAt = 0;
  }

  #nextPage(now: number): JournalPage | undefined {
    const tellsStanding = now >= this.#standingDueAt;
    if (this.#waiting.length === 0 && !tellsStanding) return undefined;
    const { boot, node } = this.#options;
    this.#sequence += 1;
    const page: JournalPage = { version: 1, boot, node, sequence: this.#sequence, transitions: [] };
    if (this.#missing > 0) page.missing = this.#missing;
    this.#missing = 0;
    if (tellsStanding) {
      this.#standingDueAt = now + standingInterval;
      const latest = [...this.#standing.latest.values()].slice(0, mostStanding);
      page.standing = latest.map((transition) => ({ ...transition, edges: [] }));
    }
    page.transitions = this.#take(pageSize);
    return page;
  }

  #drop(): void {
    if (this.#missing === 0) this.#options.onDropping();
    this.#missing += this.#take(dropSize).length;
    this.#standingDueAt = 0;
  }

  #take(count: number): Transition[] {
    const taken = this.#waiting.splice(0, count);
    for (const transition of taken) this.#standing.apply(transition);
    return taken;
  }
}
