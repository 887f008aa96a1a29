/** An inspector in place of stately.ai, on another loopback port: a page of another origin with the official receiver. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { build } from 'vite';

/** What the receiver was told; the package's own type says less. */
export interface Received {
  readonly type: string;
  readonly sessionId: string;
  readonly parentId?: string;
  readonly name?: string;
  readonly definition?: string;
  readonly snapshot?: { readonly status: string; readonly value?: unknown };
  readonly event?: { readonly type: string };
}

export class StubInspector {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<StubInspector> {
    const script = await bundle();
    const server = createServer((request, response) => {
      const isScript = request.url === '/receiver.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
      response.end(
        isScript
          ? script
          : '<!doctype html><link rel="icon" href="data:,"><title>Inspector</title><script type="module" src="/receiver.js"></script>',
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new StubInspector(server);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `${this.origin}/inspect`;
  }

  /** What this load of it was told, in a frame of a page or as a page of its own. */
  async received(where: Page | Frame): Promise<Received[]> {
    return await where.evaluate<Received[]>('globalThis.received ?? []');
  }

  /** Its frame in a page, once it is there. */
  frameIn(page: Page): Frame | undefined {
    return page.frames().find((frame) => frame.url().startsWith(this.origin));
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      rollupOptions: { input: join(import.meta.dirname, 'fixtures', 'stub-inspector.ts') },
    },
  });
  const outputs = [result].flat().flatMap((one) => ('output' in one ? one.output : []));
  const [chunk] = outputs.filter((output) => output.type === 'chunk');
  if (!chunk) throw new Error('the receiver was not bundled');
  return chunk.code;
}
