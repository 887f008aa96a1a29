/** One open page: what it is sent as server-sent events, and how far it lags behind. */
import type { SSEStreamingApi } from 'hono/streaming';
import type { Viewer, WireEvent } from '../inspection/wire-event.ts';

/** Bytes of news that may wait for a browser, or as many as its baseline had, if that is more: all lines cope with those. */
const maxNews = 4 * 1024 * 1024;
/** Messages of a baseline in one event. */
const baselinePart = 100;
/** Milliseconds from one baseline to the next: at first, and at most, as it doubles for a page that keeps lagging. */
const [firstPause, longestPause] = [1_000, 30_000];
/** Milliseconds after a baseline in which a page that lags again keeps lagging. */
const probation = 60_000;
/** Milliseconds in which a page that is there takes something of what waits for it. */
const patience = 60_000;

/** A batch is sent to all viewers alike and encoded once. */
const encodedBatches = new WeakMap<readonly WireEvent[], Uint8Array>();

/**
 * Events: `hello` before each baseline, which is sent at the beginning and when a slow page has caught up; `inspection`
 * with messages; `tree` with the supervision tree.
 */
export class LiveStream implements Viewer {
  readonly #stream: SSEStreamingApi;
  readonly #boot: string;
  readonly #now: () => number;
  /** Bytes that wait: all of them, and those that came after the baseline. */
  readonly #waiting = { all: 0, news: 0 };
  #takenAt = 0;
  #baseline = { at: 0, bytes: 0 };
  #isBehind = false;
  #pause = firstPause;
  #pausesUntil = 0;

  /** @param now milliseconds since the epoch */
  constructor(stream: SSEStreamingApi, boot: string, now: () => number = Date.now) {
    this.#stream = stream;
    this.#boot = boot;
    this.#now = now;
  }

  restart(baseline: readonly WireEvent[]): void {
    const events = [encode('hello', JSON.stringify({ boot: this.#boot }))];
    for (let start = 0; start < baseline.length; start += baselinePart) {
      events.push(encode('inspection', JSON.stringify(baseline.slice(start, start + baselinePart))));
    }
    this.#baseline = { at: this.#now(), bytes: events.reduce((sum, { length }) => sum + length, 0) };
    for (const event of events) void this.#write(event);
  }

  send(events: readonly WireEvent[]): void {
    const batch = encodedBatches.get(events) ?? encode('inspection', JSON.stringify(events));
    encodedBatches.set(events, batch);
    this.#tell(batch);
  }

  /** @param tree JSON */
  tree(tree: string): void {
    this.#tell(encode('tree', tree));
  }

  /** Says nothing, so that both sides notice when the other is gone. */
  beat(): void {
    if (this.#waiting.all === 0) this.#tell(silence);
  }

  /** From when too much waits until nothing does, and, so that a line is not filled with baselines alone, a while longer. */
  isSlow(): boolean {
    return this.#isBehind || this.#now() < this.#pausesUntil;
  }

  /** Whether nobody seems to read any more. */
  isStuck(): boolean {
    return this.#waiting.all > 0 && this.#now() - this.#takenAt > patience;
  }

  #tell(news: Uint8Array): void {
    this.#waiting.news += news.length;
    if (this.#waiting.news > Math.max(maxNews, this.#baseline.bytes)) this.#fallBehind();
    void this.#write(news).then(() => {
      this.#waiting.news -= news.length;
    });
  }

  /** A write to a stream that is closed ends like any other. */
  async #write(bytes: Uint8Array): Promise<void> {
    if (this.#waiting.all === 0) this.#takenAt = this.#now();
    this.#waiting.all += bytes.length;
    await this.#stream.write(bytes);
    this.#waiting.all -= bytes.length;
    this.#takenAt = this.#now();
    if (this.#waiting.all === 0) this.#isBehind = false;
  }

  #fallBehind(): void {
    if (this.#isBehind) return;
    this.#isBehind = true;
    const { at } = this.#baseline;
    const isAgain = this.#now() - at < probation;
    this.#pause = isAgain ? Math.min(this.#pause * 2, longestPause) : firstPause;
    this.#pausesUntil = at + this.#pause;
  }
}

const encoder = new TextEncoder();
const silence = encoder.encode(':\n\n');

/** JSON holds no line break, so it is one line of data. */
function encode(event: string, json: string): Uint8Array {
  return encoder.encode(`event: ${event}\ndata: ${json}\n\n`);
}
