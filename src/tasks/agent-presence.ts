/** What each agent does now, kept in a key-value bucket so that scheduler, CLI and dashboard see it without holding the agent. */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Bucket } from '../bus/bucket.ts';
import type { TellFact } from '../events/fact-publisher.ts';
import { versioned } from '../stored/versioned.ts';

export const Availability = z.enum(['starting', 'idle', 'working', 'stopped', 'quarantined']);
export type Availability = z.infer<typeof Availability>;

export const Presence = versioned({
  version: 1,
  schema: z.object({
    agent: z.string(),
    node: z.string(),
    availability: Availability,
    task: z.string().optional(),
    pane: z.string().optional(),
    /** The agent's latest own words on what it is doing. */
    doing: z.string().optional(),
    /** Why it is in quarantine. */
    reason: z.string().optional(),
    /** Its latest quarantine, also when it is over: see cooldown.ts. */
    quarantine: z.object({ times: z.int(), until: z.string() }).optional(),
    /** Since when it is available like this, ISO 8601. */
    since: z.string(),
  }),
});
export type Presence = z.infer<typeof Presence>;

export interface PresenceBoardOptions {
  bucket: Bucket<Presence>;
  tell: TellFact;
  /** The node whose agents are spoken for here. */
  node: string;
  /** The bus refused for good to store what an agent does; the mirror here has it all the same. */
  onUnstored(agent: string, error: unknown): void;
}

export class PresenceBoard {
  readonly #bucket: Bucket<Presence>;
  readonly #tell: TellFact;
  readonly #node: string;
  readonly #onUnstored: PresenceBoardOptions['onUnstored'];
  readonly #mirror = new Map<string, Presence>();
  readonly #listeners = new Set<(presence: Presence) => void>();
  readonly #stop = new AbortController();
  /** Agents that this node has spoken for; an echo of an earlier word of ours must not undo a later one. */
  readonly #own = new Set<string>();
  readonly #storing = new Set<string>();

  private constructor({ bucket, tell, node, onUnstored }: PresenceBoardOptions) {
    this.#bucket = bucket;
    this.#tell = tell;
    this.#node = node;
    this.#onUnstored = onUnstored;
  }

  static async open(options: PresenceBoardOptions): Promise<PresenceBoard> {
    const board = new PresenceBoard(options);
    await options.bucket.watch(
      ({ value }) => {
        if (value && !board.#own.has(value.agent)) board.#mirrored(value);
      },
      { signal: board.#stop.signal },
    );
    return board;
  }

  get(agent: string): Presence | undefined {
    return this.#mirror.get(agent);
  }

  onChange(listener: (presence: Presence) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Says what an agent does now; each agent has one writer, its own node. It is stored as soon as the bus takes it: a
   * pane comes back while the bus is away.
   */
  set(agent: string, change: Partial<Omit<Presence, 'version' | 'agent' | 'node' | 'since'>>): void {
    this.#own.add(agent);
    const known = this.#mirror.get(agent);
    const next: Presence = {
      availability: 'starting',
      ...known,
      ...change,
      version: 1,
      agent,
      node: this.#node,
      since: known?.since ?? new Date().toISOString(),
    };
    if (next.availability !== 'working') {
      delete next.task;
      delete next.doing;
    }
    if (next.availability !== 'quarantined') delete next.reason;
    const moved = next.availability !== known?.availability || next.task !== known?.task;
    if (moved) next.since = new Date().toISOString();
    this.#mirrored(next);
    if (moved) {
      const { availability, task } = next;
      this.#tell(
        'agent.availability.changed',
        agent,
        task === undefined ? { availability } : { availability, task },
      );
    }
    void this.#store(agent);
  }

  /** Stores the newest word on an agent; words spoken while one is on its way are stored as one. */
  async #store(agent: string): Promise<void> {
    if (this.#storing.has(agent)) return;
    this.#storing.add(agent);
    try {
      for (let stored: Presence | undefined; ; ) {
        const newest = this.#mirror.get(agent);
        if (!newest || newest === stored || this.#stop.signal.aborted) return;
        await this.#bucket.put(agent, newest);
        stored = newest;
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#onUnstored(agent, error);
    } finally {
      this.#storing.delete(agent);
    }
  }

  /** Stores every own word again that the bucket does not have, as after a damaged file or one made anew. */
  async reconcile(): Promise<void> {
    const stored = await this.#bucket.entries();
    for (const agent of this.#own)
      if (!isDeepStrictEqual(stored.get(agent)?.value, this.#mirror.get(agent))) void this.#store(agent);
  }

  close(): void {
    this.#stop.abort();
    this.#listeners.clear();
  }

  #mirrored(presence: Presence): void {
    this.#mirror.set(presence.agent, presence);
    for (const listener of this.#listeners) listener(presence);
  }
}
