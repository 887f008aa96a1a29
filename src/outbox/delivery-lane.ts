/** Carries out the writes of one kind, one at a time and in order for each task, until each is done or given up. */
import { setTimeout as pause } from 'node:timers/promises';
import { type OutgoingWrite, type WriteKind, writeKey } from './outbox-record.ts';
import type { OutgoingStore } from './outgoing-store.ts';

/** What became of one try. */
export type Delivery =
  /** The other side shows it, or nobody wants it any more. */
  | { readonly outcome: 'done' }
  /** The other side cannot be reached. Whether it is only this write that finds it so, the next one's turn tells. */
  | { readonly outcome: 'away'; readonly reason: string }
  /** This one cannot be made now. */
  | { readonly outcome: 'later'; readonly reason: string }
  /** The other side said no; it may be asked a few times. */
  | { readonly outcome: 'refused'; readonly reason: string }
  /** It can never succeed. */
  | { readonly outcome: 'never'; readonly reason: string };

export interface LaneOptions<Kind extends WriteKind> {
  readonly kind: Kind;
  readonly store: OutgoingStore;
  /** Makes the write, once however often it is called. */
  readonly deliver: (write: Extract<OutgoingWrite, { kind: Kind }>) => Promise<Delivery>;
  /** Whether an error of the store may pass by itself; any other ends the lane. */
  readonly mayPass: (error: unknown) => boolean;
  readonly onGivenUp: (write: OutgoingWrite, reason: string) => void;
  /** The other side is away, or has not taken one write for some tries. */
  readonly onHeldUp: (reason: string) => void;
  /** The other side was away and is back. */
  readonly onBack: () => void;
  /** The first wait before another try, in ms; it doubles each time. Default 1 000. */
  readonly wait?: number;
}

/** How often the other side may say no. */
const mostRefusals = 5;
/** At which try of one write people hear that it is held up: an editor at work is no news. */
const newsworthyTry = 3;
/** The longest wait before another try, in ms. */
const longestWait = 60_000;

interface Trouble {
  tries: number;
  until: number;
  reason: string;
}

export class DeliveryLane<Kind extends WriteKind> {
  readonly #options: LaneOptions<Kind>;
  /** Of writes that could not be made, by key. */
  readonly #troubles = new Map<string, Trouble>();
  #away: Trouble | undefined;
  #isBusy = false;
  /** Ended early when there is something new. */
  #nap: AbortController | undefined;

  constructor(options: LaneOptions<Kind>) {
    this.#options = options;
  }

  /** Whether everything that can be done now is done. */
  get isSettled(): boolean {
    if (this.#isBusy) return false;
    return this.#away !== undefined || this.#first().every((write) => this.#troubles.has(writeKey(write)));
  }

  /** Why a write waits; undefined while it is only not yet its turn. */
  reasonOf(write: OutgoingWrite): string | undefined {
    return this.#troubles.get(writeKey(write))?.reason ?? this.#away?.reason;
  }

  /** A person has mended something: what waits is tried at once. */
  forgive(): void {
    this.#away = undefined;
    this.#troubles.clear();
    this.#nap?.abort();
  }

  /** Goes on until `signal` aborts; rejects then, and when a write ends in an error that nobody expects. */
  async run(signal: AbortSignal): Promise<never> {
    for (;;) {
      signal.throwIfAborted();
      const write = this.#due(Date.now());
      if (write) await this.#carryOut(write);
      else await this.#change(signal);
    }
  }

  /** The oldest write of each task: the ones behind it wait for it. */
  #first(): Extract<OutgoingWrite, { kind: Kind }>[] {
    const first = new Map<string, Extract<OutgoingWrite, { kind: Kind }>>();
    for (const write of this.#options.store.all()) {
      if (write.givenUp === null && isOfKind(write, this.#options.kind) && !first.has(write.task))
        first.set(write.task, write);
    }
    return [...first.values()];
  }

  #due(now: number): Extract<OutgoingWrite, { kind: Kind }> | undefined {
    if (this.#away && this.#away.until > now) return undefined;
    // The one that was put off first has its turn first: none is starved by another.
    const [next] = this.#first().toSorted((one, other) => this.#dueAt(one) - this.#dueAt(other));
    return next && this.#dueAt(next) <= now ? next : undefined;
  }

  #dueAt(write: OutgoingWrite): number {
    return this.#troubles.get(writeKey(write))?.until ?? 0;
  }

  /** Resolves when there is something new, or when one that was put off is due. */
  async #change(signal: AbortSignal): Promise<void> {
    const nap = new AbortController();
    const wake = () => nap.abort();
    this.#nap = nap;
    const stop = this.#options.store.onChange(wake);
    // Not `AbortSignal.any`: what it derives from a signal that lives on is not let go of on Node 20.
    signal.addEventListener('abort', wake);
    const dues = this.#away ? [this.#away.until] : this.#first().map((write) => this.#dueAt(write));
    const wait = Math.max(0, Math.min(longestWait, ...dues.map((until) => until - Date.now())));
    try {
      await pause(wait, undefined, { signal: nap.signal });
    } catch {
      signal.throwIfAborted();
    } finally {
      stop();
      signal.removeEventListener('abort', wake);
    }
  }

  async #carryOut(write: Extract<OutgoingWrite, { kind: Kind }>): Promise<void> {
    this.#isBusy = true;
    try {
      await this.#settle(write, await this.#options.deliver(write));
    } catch (error) {
      if (!this.#options.mayPass(error)) throw error;
      // What was done could not be noted: done again later, it is seen to be there.
      await this.#settle(write, { outcome: 'away', reason: String(error) });
    } finally {
      this.#isBusy = false;
    }
  }

  async #settle(write: OutgoingWrite, delivery: Delivery): Promise<void> {
    const { store } = this.#options;
    const key = writeKey(write);
    if (delivery.outcome === 'away') {
      this.#away = this.#putOff(this.#away, delivery.reason);
      // Behind the others, and with no try of its own counted: the other side has said nothing about it.
      this.#troubles.set(key, { ...this.#away, tries: this.#troubles.get(key)?.tries ?? 0 });
      this.#options.onHeldUp(delivery.reason);
      return;
    }
    if (this.#away) this.#options.onBack();
    this.#away = undefined;
    if (delivery.outcome === 'done') {
      await store.remove(write);
      this.#troubles.delete(key);
      return;
    }
    const trouble = this.#putOff(this.#troubles.get(key), delivery.reason);
    const isHopeless =
      delivery.outcome === 'never' || (delivery.outcome === 'refused' && trouble.tries >= mostRefusals);
    if (isHopeless) {
      await store.setGivenUp(write, delivery.reason);
      this.#troubles.delete(key);
      this.#options.onGivenUp(write, delivery.reason);
    } else {
      this.#troubles.set(key, trouble);
      if (trouble.tries === newsworthyTry) this.#options.onHeldUp(delivery.reason);
    }
  }

  #putOff(before: Trouble | undefined, reason: string): Trouble {
    const tries = (before?.tries ?? 0) + 1;
    const wait = Math.min(longestWait, (this.#options.wait ?? 1_000) * 2 ** (tries - 1));
    return { tries, until: Date.now() + wait, reason };
  }
}

function isOfKind<Kind extends WriteKind>(
  write: OutgoingWrite,
  kind: Kind,
): write is Extract<OutgoingWrite, { kind: Kind }> {
  return write.kind === kind;
}
