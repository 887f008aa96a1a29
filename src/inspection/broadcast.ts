/** Sends what happens to all who watch: in batches, once made for everyone, and never more than a viewer can take. */
import type { AnyEventObject, Snapshot } from 'xstate';
import type { LiveActor } from './live-actor.ts';
import type { Viewer, WireEvent } from './wire-event.ts';
import { actorMessage, eventMessage, snapshotMessage } from './wire-message.ts';

/** Milliseconds between two batches. */
const batchInterval = 50;
/** Messages that one call of `send` is given. */
const batchSize = 500;
/** Messages that may wait for the next batch: in a burst beyond that, everyone is restarted instead. */
const maxQueue = 10_000;

/** One that told of no move: a newer one may take its place. */
interface QueuedSnapshot {
  readonly index: number;
  readonly edges: Set<string>;
}

/** What led to a snapshot. */
interface SnapshotStep {
  readonly event: AnyEventObject;
  readonly edges: readonly string[];
  readonly hasMoved: boolean;
  readonly routine?: true;
}

export interface BroadcastSource {
  /** Everything that lives now. */
  baseline(): readonly WireEvent[];
  /** Hears of an error in a message or a viewer; the others are not held up by it. */
  failed(error: unknown): void;
}

export class Broadcast {
  readonly #source: BroadcastSource;
  readonly #viewers = new Set<Viewer>();
  /** Viewers whose next message has to be a baseline. */
  readonly #behind = new Set<Viewer>();
  /** Messages are made when they are sent: many never are. Null: another has taken its place. */
  #queue: ((() => WireEvent) | null)[] = [];
  /** The last snapshot of each actor in the queue, unless the actor moved with it. */
  readonly #replaceable = new Map<LiveActor, QueuedSnapshot>();
  #timer: NodeJS.Timeout | undefined;

  constructor(source: BroadcastSource) {
    this.#source = source;
  }

  get hasViewers(): boolean {
    return this.#viewers.size > 0;
  }

  /** Sends a baseline at once. Returns what ends it. */
  attach(viewer: Viewer): () => void {
    this.#viewers.add(viewer);
    this.#behind.add(viewer);
    this.#tick();
    return () => {
      this.#viewers.delete(viewer);
      this.#behind.delete(viewer);
      if (!this.hasViewers) this.#clear();
    };
  }

  actor(actor: LiveActor): void {
    const at = Date.now();
    const snapshot = actor.ref.getSnapshot();
    this.#push(() => actorMessage(actor, snapshot, at));
  }

  event(actor: LiveActor, event: AnyEventObject, source: string | undefined): void {
    const at = Date.now();
    this.#push(() => eventMessage(actor, event, source, at));
  }

  /**
   * Of successive snapshots of one actor that tell of no move, only the newest in a batch is sent, with the edges of all.
   * A move is always sent as it was: its event, its edges, its mark.
   */
  snapshot(
    actor: LiveActor,
    snapshot: Snapshot<unknown>,
    { event, edges, hasMoved, routine }: SnapshotStep,
  ): void {
    const at = Date.now();
    const replaced = hasMoved ? undefined : this.#replaceable.get(actor);
    if (replaced) this.#queue[replaced.index] = null;
    const all = replaced?.edges ?? new Set();
    for (const edge of edges) all.add(edge);
    this.#push(() =>
      snapshotMessage(actor, snapshot, { event, edges: all, ...(routine && { routine }) }, at),
    );
    if (hasMoved) this.#replaceable.delete(actor);
    else this.#replaceable.set(actor, { index: this.#queue.length - 1, edges: all });
  }

  #push(make: () => WireEvent): void {
    if (this.#queue.length >= maxQueue) {
      this.#clear();
      for (const viewer of this.#viewers) this.#behind.add(viewer);
    }
    this.#queue.push(make);
    this.#wake();
  }

  #wake(): void {
    this.#timer ??= setTimeout(() => this.#tick(), batchInterval).unref();
  }

  #tick(): void {
    // What waits is older than the baseline that a newcomer gets.
    this.#flush();
    this.#bringUp();
    if (this.#behind.size > 0) this.#wake();
  }

  /** Sends what waits to those who are up to date. */
  #flush(): void {
    const makers = this.#queue;
    this.#clear();
    if (makers.length === 0) return;
    for (const viewer of this.#viewers) if (this.#isSlow(viewer)) this.#behind.add(viewer);
    const upToDate = [...this.#viewers].filter((viewer) => !this.#behind.has(viewer));
    if (upToDate.length === 0) return;
    const events = makers.flatMap((make) => this.#made(make));
    for (let start = 0; start < events.length; start += batchSize) {
      const batch = events.slice(start, start + batchSize);
      for (const viewer of upToDate) this.#try(() => viewer.send(batch));
    }
  }

  #made(make: (() => WireEvent) | null): WireEvent[] {
    if (!make) return [];
    try {
      return [make()];
    } catch (error) {
      this.#source.failed(error);
      return [];
    }
  }

  /** Restarts those who are behind and can take it. */
  #bringUp(): void {
    const ready = [...this.#behind].filter((viewer) => !this.#isSlow(viewer));
    if (ready.length === 0) return;
    const baseline = this.#source.baseline();
    for (const viewer of ready) {
      this.#behind.delete(viewer);
      this.#try(() => viewer.restart(baseline));
    }
  }

  /** Who cannot say so is too slow. */
  #isSlow(viewer: Viewer): boolean {
    try {
      return viewer.isSlow();
    } catch (error) {
      this.#source.failed(error);
      return true;
    }
  }

  #try(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#source.failed(error);
    }
  }

  #clear(): void {
    this.#queue = [];
    this.#replaceable.clear();
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
