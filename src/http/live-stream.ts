/** One open page: what it is sent as server-sent events, and how far it lags behind. */
import type { SSEStreamingApi } from 'hono/streaming';
import type { Viewer, WireEvent } from '../inspection/wire-event.ts';

/** Bytes that may wait for a browser; beyond that it is left alone until it has caught up. */
const maxWaiting = 4 * 1024 * 1024;
/** Messages of a baseline in one event. */
const baselinePart = 100;

/** A batch is sent to all viewers alike and made text once. */
const texts = new WeakMap<readonly WireEvent[], string>();

/**
 * Events: `hello` before each baseline, which is sent at the beginning and when a slow page has caught up; `inspection`
 * with messages; `tree` with the supervision tree.
 */
export class LiveStream implements Viewer {
  readonly #stream: SSEStreamingApi;
  readonly #boot: string;
  #waiting = 0;

  constructor(stream: SSEStreamingApi, boot: string) {
    this.#stream = stream;
    this.#boot = boot;
  }

  restart(baseline: readonly WireEvent[]): void {
    this.#write('hello', JSON.stringify({ boot: this.#boot }));
    for (let start = 0; start < baseline.length; start += baselinePart) {
      this.#write('inspection', JSON.stringify(baseline.slice(start, start + baselinePart)));
    }
  }

  send(events: readonly WireEvent[]): void {
    const text = texts.get(events) ?? JSON.stringify(events);
    texts.set(events, text);
    this.#write('inspection', text);
  }

  /** @param tree JSON */
  tree(tree: string): void {
    this.#write('tree', tree);
  }

  /** Says nothing, so that both sides notice when the other is gone. */
  beat(): void {
    if (this.#waiting === 0) void this.#track(2, this.#stream.write(':\n\n'));
  }

  isSlow(): boolean {
    return this.#waiting > maxWaiting;
  }

  #write(event: string, data: string): void {
    void this.#track(data.length, this.#stream.writeSSE({ event, data }));
  }

  /** A write to a stream that is closed ends like any other. */
  async #track(size: number, written: Promise<unknown>): Promise<void> {
    this.#waiting += size;
    await written;
    this.#waiting -= size;
  }
}
