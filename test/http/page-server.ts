/** The real server on a free port, over a small tree of actors. */
import { request } from 'node:http';
import { Admission } from '../../src/http/admission.ts';
import type { PageSource } from '../../src/http/app.ts';
import { type HttpServer, openHttp } from '../../src/http/open-http.ts';
import { packageRoot } from '../../src/package/package-root.ts';
import { WatchedTree, worker } from '../inspection/watched-tree.ts';

export interface Answer {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
}

export class PageServer {
  readonly tree = new WatchedTree([worker('kaede'), worker('botan')]);
  readonly admission: Admission;
  /** Of a browser that was let in. */
  readonly secret: string;
  readonly errors: unknown[] = [];
  readonly source: PageSource;
  #server: HttpServer | undefined;

  private constructor(now: () => number, more: Partial<PageSource>) {
    this.admission = new Admission({ owner: '/state', now });
    this.secret = this.admission.redeem(this.admission.issue('/'))?.secret ?? '';
    this.source = {
      node: 'local',
      version: '1.2.3',
      boot: 'this-boot',
      inspectorUrl: 'https://inspector.example/inspect',
      agents: () => [{ name: 'kaede', symbol: '🎹', title: 'カエデ' }],
      packageRoot,
      attach: (viewer) => this.tree.hub.attach(viewer),
      describeTree: () => ({ path: '', children: [] }),
      readTransitions: async function* () {},
      failed: (error) => this.errors.push(error),
      ...more,
    };
  }

  static async open({
    now = Date.now,
    ...more
  }: Partial<PageSource> & { now?: () => number } = {}): Promise<PageServer> {
    const page = new PageServer(now, more);
    await page.restart();
    return page;
  }

  /** Opens it, on the same port if it was open before. */
  async restart(): Promise<void> {
    const port = this.#server?.port ?? 0;
    await this.#server?.close();
    this.#server = await openHttp({ port, admission: this.admission, source: this.source });
  }

  get server(): HttpServer {
    if (!this.#server) throw new Error('not open');
    return this.#server;
  }

  get host(): string {
    return `127.0.0.1:${this.server.port}`;
  }

  get cookie(): string {
    return `${this.admission.cookieName}=${this.secret}`;
  }

  /** Asks with the cookie; `headers` add to and replace what is sent, undefined takes away. */
  get(path: string, headers: Record<string, string | undefined> = {}, method = 'GET'): Promise<Answer> {
    const sent = Object.entries({ host: this.host, cookie: this.cookie, ...headers });
    const given = Object.fromEntries(sent.filter(([, value]) => value !== undefined));
    return new Promise((resolve, reject) => {
      const asking = request(
        {
          host: '127.0.0.1',
          port: this.server.port,
          path,
          method,
          headers: given,
          setHost: false,
          agent: false,
        },
        (response) => {
          let body = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            body += chunk;
          });
          response.once('error', reject);
          response.once('end', () => {
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
          });
        },
      );
      asking.once('error', reject);
      asking.end();
    });
  }

  async end(): Promise<void> {
    await this.server.close();
    await this.tree.end();
  }
}
