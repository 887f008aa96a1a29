/** What an agent's mailbox has handled and what it is handling, kept in a bucket: the broker may deliver twice, we do not. */
import { z } from 'zod';
import { versioned } from '../stored/versioned.ts';
import type { Bucket, StoredValue } from './bucket.ts';
import { type OpenBucket, openBucket } from './bucket.ts';
import type { Bus } from './bus.ts';

/** How many ids of handled messages are kept: a sender's duplicate is noticed within the last so many. */
const keptIds = 256;

const Handled = versioned({
  version: 1,
  schema: z.object({
    /** When the inbox stream was made: sequences of another one mean nothing. */
    stream: z.string(),
    highest: z.int(),
    ids: z.array(z.string()),
    /** When the latest of them was stored, in ms since 1970. */
    latest: z.number().optional(),
  }),
});
type Handled = z.infer<typeof Handled>;

const Begun = versioned({
  version: 1,
  schema: z.object({
    stream: z.string(),
    id: z.string(),
    sequence: z.int(),
    /** A handler was given it, and may have had effects. */
    touched: z.boolean(),
    /** How often a handler began on it and neither finished nor put it off. */
    failures: z.int(),
  }),
});
type Begun = z.infer<typeof Begun>;

/** Of one message. */
export type Progress = Pick<Begun, 'touched' | 'failures'>;

export interface LedgerKey {
  id: string;
  sequence: number;
  /** When the stream took it, ISO 8601. */
  sentAt: string;
}

interface Ledgers {
  handled: Bucket<Handled>;
  begun: Bucket<Begun>;
}

const buckets = new WeakMap<Bus, Promise<Ledgers>>();

/** The two buckets of all ledgers, opened once for a bus. @throws BusError */
function openLedgers(bus: Bus, open: OpenBucket): Promise<Ledgers> {
  const opened = buckets.get(bus) ?? openBuckets(bus, open);
  buckets.set(bus, opened);
  opened.catch(() => buckets.delete(bus));
  return opened;
}

/** A record that cannot be read counts as none: a message may then be handled again, and none is lost. */
async function openBuckets(bus: Bus, open: OpenBucket): Promise<Ledgers> {
  return {
    handled: await open(bus, 'orch_ledger', { schema: Handled }),
    begun: await open(bus, 'orch_ledger_begun', { schema: Begun }),
  };
}

/** Opens and reads the ledgers of all agents before anybody writes to one. @throws BusError `newer-record` and others */
export async function proveLedgers(bus: Bus, open: OpenBucket): Promise<void> {
  const { handled, begun } = await openLedgers(bus, open);
  await handled.entries();
  await begun.entries();
}

/** The ledger of one agent. Its writes are stored when they resolve; its questions are answered from memory. */
export class Ledger {
  readonly #ledgers: Ledgers;
  readonly #agent: string;
  readonly #stream: string;
  /** As it is stored. */
  #handled: StoredValue<Handled> | undefined;
  /** The same, or more when the bucket has lost something. */
  #remembered: Handled | undefined;
  #begun: Begun | undefined;

  private constructor(ledgers: Ledgers, agent: string, stream: string) {
    this.#ledgers = ledgers;
    this.#agent = agent;
    this.#stream = stream;
  }

  /** `stream` is when the inbox stream was made. */
  static async open(bus: Bus, agent: string, stream: string, open = openBucket): Promise<Ledger> {
    const ledger = new Ledger(await openLedgers(bus, open), agent, stream);
    await ledger.#readHandled();
    ledger.#begun = (await ledger.#ledgers.begun.get(agent))?.value;
    return ledger;
  }

  /**
   * Whether it, or a duplicate of it, was handled; messages are handled in the order of the stream. A stream that has lost
   * its end gives its sequences a second time, and one that was made anew over its old files is another by its birth: then
   * the time of storing tells old from new.
   */
  isHandled({ id, sequence, sentAt }: LedgerKey): boolean {
    const handled = this.#remembered;
    if (!handled) return false;
    if (handled.ids.includes(id)) return true;
    if (sequence > handled.highest) return false;
    if (handled.latest === undefined) return handled.stream === this.#stream;
    return Date.parse(sentAt) <= handled.latest;
  }

  progressOf({ id, sequence }: LedgerKey): Progress {
    const begun = this.#begun;
    const isSame = begun?.stream === this.#stream && begun.id === id && begun.sequence === sequence;
    return isSame ? { touched: begun.touched, failures: begun.failures } : { touched: false, failures: 0 };
  }

  async begin({ id, sequence }: LedgerKey, progress: Progress): Promise<void> {
    this.#begun = { version: 1, stream: this.#stream, id, sequence, ...progress };
    await this.#ledgers.begun.put(this.#agent, this.#begun);
  }

  async complete(key: LedgerKey): Promise<void> {
    for (;;) {
      const next = this.#with(key);
      const revision = await this.#store(next);
      if (revision !== undefined) {
        this.#handled = { value: next, revision };
        this.#remembered = next;
        return;
      }
      await this.#readHandled();
    }
  }

  #with({ id, sequence, sentAt }: LedgerKey): Handled {
    const { stream = this.#stream, highest = 0, ids = [], latest = 0 } = this.#remembered ?? {};
    return {
      version: 1,
      stream: this.#stream,
      highest: stream === this.#stream ? Math.max(highest, sequence) : sequence,
      ids: [...ids.filter((known) => known !== id), id].slice(-keptIds),
      latest: Math.max(latest, Date.parse(sentAt)),
    };
  }

  /** Resolves with nothing when somebody else has written: another reader of this mailbox, or an unreadable record. */
  async #store(next: Handled): Promise<number | undefined> {
    const { handled } = this.#ledgers;
    if (this.#handled) {
      const revision = await handled.update(this.#agent, next, this.#handled.revision);
      return revision === 'conflict' ? undefined : revision;
    }
    const revision = await handled.create(this.#agent, next);
    if (revision !== 'exists') return revision;
    return (await handled.get(this.#agent)) ? undefined : handled.put(this.#agent, next);
  }

  async #readHandled(): Promise<void> {
    this.#handled = await this.#ledgers.handled.get(this.#agent);
    // A bucket that has lost its end knows less than we do.
    const isNewer = (this.#handled?.value.latest ?? 0) >= (this.#remembered?.latest ?? 0);
    if (isNewer) this.#remembered = this.#handled?.value;
  }
}
