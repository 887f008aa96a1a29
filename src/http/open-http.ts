/** The server of the page: on the loopback address, for as long as nobody closes it. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Admission } from './admission.ts';
import { createApp, type PageSource } from './app.ts';
import { hostNames } from './host-names.ts';
import { HttpError } from './http-error.ts';

export interface HttpOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly admission: Admission;
  readonly source: PageSource;
}

export interface HttpServer {
  readonly port: number;
  /** What whoever is given a link should know, for people. */
  readonly note?: string;
  /** A link for one browser, for a short time. `landing` as in `Admission`. */
  link(landing: string): string;
  /** Settles with the error that ended it; never when it is closed. */
  readonly lost: Promise<HttpError>;
  /** Ends every response at once. */
  close(): Promise<void>;
}

const address = '127.0.0.1';

/** @throws HttpError `port-taken` */
export async function openHttp({ port: wanted, admission, source }: HttpOptions): Promise<HttpServer> {
  const hosts = new Set<string>();
  const app = createApp({ source, admission, hosts });
  const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  const port = await listen(server, wanted);
  for (const name of hostNames(port)) hosts.add(name);
  return {
    port,
    lost: lossOf(server),
    link: (landing) => `http://${address}:${port}/open/${admission.issue(landing)}`,
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, wanted: number): Promise<number> {
  try {
    server.listen(wanted, address);
    await once(server, 'listening');
  } catch (cause) {
    const why = `port ${wanted} for the page of \`orchestra inspect\` cannot be used`;
    const what = 'free it, or set another or 0 at `inspector.port`';
    throw new HttpError('port-taken', `${why} (${reasonOf(cause)}); ${what}`, cause);
  }
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : wanted;
}

function lossOf(server: Server): Promise<HttpError> {
  return new Promise((resolve) => {
    // Heard for as long as it exists: an error that nobody hears ends the process.
    server.on('error', (cause) => {
      resolve(new HttpError('lost', `the server of the page has failed: ${reasonOf(cause)}`, cause));
    });
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
