/** An open page as far as the stream of events goes: reads it as a browser's EventSource does. */
import { type IncomingMessage, request } from 'node:http';
import { vi } from 'vitest';
import type { WireEvent } from '../../src/inspection/wire-event.ts';

export interface LiveEvent {
  event: string;
  data: unknown;
}

export class LiveReader {
  readonly events: LiveEvent[] = [];
  /** Everything that came, as it came. */
  bytes = '';
  readonly response: IncomingMessage;
  /** Settles when the server has ended it. */
  readonly ended: Promise<void>;
  #rest = '';

  private constructor(response: IncomingMessage) {
    this.response = response;
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => this.#take(chunk));
    this.ended = new Promise((resolve) => {
      response.once('close', resolve);
      // Cut off in the middle, as a server does that goes down.
      response.once('error', () => undefined);
    });
  }

  static open(url: string, cookie: string): Promise<LiveReader> {
    return new Promise((resolve, reject) => {
      const asking = request(url, { headers: { cookie }, agent: false }, (response) => {
        if (response.statusCode === 200) resolve(new LiveReader(response));
        else reject(new Error(`answered ${response.statusCode}`));
      });
      asking.once('error', reject);
      asking.end();
    });
  }

  /** The messages of all `inspection` events. */
  get inspection(): WireEvent[] {
    return this.events
      .filter(({ event }) => event === 'inspection')
      .flatMap(({ data }) => data as WireEvent[]);
  }

  named(name: string): unknown[] {
    return this.events.filter(({ event }) => event === name).map(({ data }) => data);
  }

  /** Waits for a message that fits. */
  message(fits: (event: WireEvent) => boolean): Promise<WireEvent> {
    return vi.waitFor(
      () => {
        const found = this.inspection.find(fits);
        if (!found) throw new Error('not sent yet');
        return found;
      },
      { timeout: 20_000 },
    );
  }

  close(): void {
    this.response.destroy();
  }

  #take(chunk: string): void {
    this.bytes += chunk;
    const blocks = (this.#rest + chunk).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line): [string, string] => {
          const colon = line.indexOf(': ');
          return [line.slice(0, colon), line.slice(colon + 2)];
        }),
      );
      const data = fields.get('data');
      if (data !== undefined)
        this.events.push({ event: fields.get('event') ?? 'message', data: JSON.parse(data) });
    }
  }
}
