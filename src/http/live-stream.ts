/** One open page: what it is sent as server-sent events, and how far it lags behind. */
import type { SSEStreamingApi } from 'hono/streaming';
import type { Viewer, WireEvent } from '../inspection/wire-event.ts';

/** Bytes that may wait for a browser; beyond that it is left alone until it has caught up. */
const maxWaiting = 4 * 1024 * 1024;
/** Messages of a baseline in one event. */
const baselinePart = 100;

/** A batch is sent to all viewers alike and encoded once. */
const encodedBatches = new WeakMap<readonly WireEvent[], Uint8Array>();

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
    this.#write(encode('hello', JSON.stringify({ boot: this.#boot })));
    for (let start = 0; start < baseline.length; start += baselinePart) {
      this.#write(encode('inspection', JSON.stringify(baseline.slice(start, start + baselinePart))));
    }
  }

  send(events: readonly WireEvent[]): void {
    const batch = encodedBatches.get(events) ?? encode('inspection', JSON.stringify(events));
    encodedBatches.set(events, batch);
    this.#write(batch);
  }

  /** @param tree JSON */
  tree(tree: string): void {
    this.#write(encode('tree', tree));
  }

  /** Says nothing, so that both sides notice when the other is gone. */
  beat(): void {
    if (this.#waiting === 0) this.#write(silence);
  }

  isSlow(): boolean {
    return this.#waiting > maxWaiting;
  }

  #write(bytes: Uint8Array): void {
    void this.#track(bytes);
  }

  /** A write to a stream that is closed ends like any other. */
  async #track(bytes: Uint8Array): Promise<void> {
    this.#waiting += bytes.length;
    await this.#stream.write(bytes);
    this.#waiting -= bytes.length;
  }
}

const encoder = new TextEncoder();
const silence = encoder.encode(':\n\n');

/** JSON holds no line break, so it is one line of data. */
function encode(event: string, json: string): Uint8Array {
  return encoder.encode(`event: ${event}\ndata: ${json}\n\n`);
}
