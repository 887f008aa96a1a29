/** The way of one message from the stream to the handler: ledger, tries with waits between them, dead letter. */
import type { JsMsg } from '@nats-io/jetstream';
import { pause } from './abort.ts';
import type { UndeliverableMessage } from './dead-letter.ts';
import { whyGivenUp } from './expiring.ts';
import type { Ledger, Progress } from './ledger.ts';
import { type MailboxMessage, readMailboxMessage } from './mailbox-message.ts';

/** What became of a message: done; not now, and no failure; never. */
export type HandlerResult = 'handled' | { retryAfter: number } | { rejected: string };

interface HandlerContext {
  /** Aborts when the mailbox or the bus is closed. */
  signal: AbortSignal;
  /** A handler had begun on it before and may have had effects. */
  redelivered: boolean;
  /**
   * Resolves when the ledger has stored that this message was begun. The handler is not kept waiting for that; to be told
   * `redelivered` even if daemon and nats-server die within that millisecond, await it before the first effect.
   */
  recorded: Promise<void>;
}

/** Throwing is a failure: it is called again after a wait, and after `maxDeliver` failures the message is a dead letter. */
export type MailboxHandler = (
  message: MailboxMessage,
  context: HandlerContext,
) => HandlerResult | Promise<HandlerResult>;

/** What is looked at of a message of the stream. */
export type StoredMessage = Pick<JsMsg, 'subject' | 'seq' | 'time' | 'data' | 'headers'>;

export interface DeliveryOptions {
  /** Stores it once, however often it is called for the same message. */
  storeDeadLetter: (message: UndeliverableMessage, reason: string) => Promise<void>;
  ledger: Ledger;
  handler: MailboxHandler;
  maxDeliver: number;
  backoff: readonly number[];
  signal: AbortSignal;
  onDeadLetter: (letter: { id: string; reason: string }) => void;
  /** How long the stream keeps a message, in ms; without it for ever. */
  lifetime?: number | undefined;
}

type Attempt = HandlerResult | { failed: unknown };

export class Delivery {
  readonly #options: DeliveryOptions;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Resolves with whether the message is done with; not so when the mailbox was closed before. @throws BusError */
  async deliver(stored: StoredMessage): Promise<boolean> {
    const { ledger } = this.#options;
    const { subject, seq: sequence, time, data, headers } = stored;
    const { message, malformed } = readMailboxMessage({ subject, sequence, time, data, headers });
    if (ledger.isHandled(message)) return true;
    const reason = malformed ?? (await this.#handOver(message));
    if (reason === interrupted) return false;
    if (typeof reason === 'string') {
      await this.#options.storeDeadLetter({ ...message, data, headers }, reason);
      await ledger.complete(message);
      this.#options.onDeadLetter({ id: message.id, reason });
    }
    return true;
  }

  /** Resolves with nothing when handled, with the reason why it never will be, or with `interrupted`. */
  async #handOver(message: MailboxMessage): Promise<string | undefined | typeof interrupted> {
    const { ledger, maxDeliver, signal, lifetime } = this.#options;
    let progress = ledger.progressOf(message);
    if (progress.failures >= maxDeliver)
      return `its reader died ${progress.failures} times while handling it`;
    while (!signal.aborted) {
      const result = await this.#attempt(message, progress);
      if (result === 'handled') return undefined;
      if ('rejected' in result) return result.rejected;
      if ('retryAfter' in result) {
        const reason = whyGivenUp(message.sentAt, lifetime);
        if (reason !== undefined) return reason;
        await ledger.begin(message, progress);
        await this.#wait(result.retryAfter);
      } else if (signal.aborted) {
        await ledger.begin(message, { ...progress, touched: true });
      } else {
        progress = { touched: true, failures: progress.failures + 1 };
        if (progress.failures >= maxDeliver)
          return `handling it failed ${maxDeliver} times: ${messageOf(result.failed)}`;
        await this.#wait(this.#waitAfter(progress.failures));
      }
    }
    return interrupted;
  }

  /** Counts itself as a failure before it begins, so that one that ends the process is counted too; its success is stored. */
  async #attempt(message: MailboxMessage, progress: Progress): Promise<Attempt> {
    const { ledger, handler, signal } = this.#options;
    const recorded = Promise.resolve().then(() =>
      ledger.begin(message, { touched: true, failures: progress.failures + 1 }),
    );
    recorded.catch(() => undefined);
    let attempt: Attempt;
    try {
      attempt = await handler(message, { signal, redelivered: progress.touched, recorded });
    } catch (error) {
      attempt = { failed: error };
    }
    // Both records are on their way together: of a message that is handled nobody asks whether it was begun.
    await Promise.all([recorded, attempt === 'handled' && ledger.complete(message)]);
    return attempt;
  }

  #waitAfter(failures: number): number {
    const { backoff } = this.#options;
    return backoff[Math.min(failures, backoff.length) - 1] ?? 0;
  }

  /** Also ends when the mailbox is closed. */
  async #wait(ms: number): Promise<void> {
    await pause(ms, this.#options.signal).catch(() => undefined);
  }
}

/** The mailbox was closed before the message was done with. */
const interrupted = Symbol('interrupted');

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
