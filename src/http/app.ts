/** What is answered at which path. */
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import type { Admission } from './admission.ts';
import { isNear, requireCookie, requireGet, requireOurHost, requireOurOrigin } from './guards.ts';
import { type LiveSource, liveRoute } from './live-route.ts';
import { pageFiles } from './page-files.ts';
import { neverStored, securityHeaders } from './security-headers.ts';
import { giveCookie } from './session-cookie.ts';
import { type ReadTransitions, transitionsRoute } from './transitions-route.ts';

/** What the page is about; the server knows nothing of the orchestra but this. */
export interface PageSource extends LiveSource {
  readonly node: string;
  readonly version: string;
  readonly inspectorUrl: string;
  /** How people know the agents. */
  agents(): readonly { readonly name: string; readonly symbol: string; readonly title: string }[];
  readonly readTransitions: ReadTransitions;
  /** The folder of the package, for the page's files. */
  readonly packageRoot: string;
}

interface AppOptions {
  readonly source: PageSource;
  readonly admission: Admission;
  /** Under which names it is reached, with the port. */
  readonly hosts: ReadonlySet<string>;
}

export function createApp({ source, admission, hosts }: AppOptions): Hono<{ Bindings: HttpBindings }> {
  const { node, version, boot, inspectorUrl } = source;
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(securityHeaders(inspectorUrl), neverStored);
  app.use(requireOurHost(hosts), requireGet, requireOurOrigin(hosts));
  app.get('/open/:token', (c) => enter(c, admission, c.req.param('token')));
  app.use(requireCookie(admission));
  app.get('/api/settings', (c) => c.json({ node, version, boot, inspectorUrl, agents: source.agents() }));
  app.get('/api/live', liveRoute(source));
  app.get('/api/transitions', transitionsRoute(source.readTransitions));
  app.route('/', pageFiles(source.packageRoot));
  app.notFound((c) => c.text('There is nothing here.\n', 404));
  app.onError((error, c) => {
    // Whoever asked has gone; what was begun for them has ended with that.
    if (!c.req.raw.signal.aborted) source.failed(error);
    return c.text('This cannot be answered now; the log of the orchestra says why.\n', 500);
  });
  return app;
}

/** A token becomes a cookie, and is worth nothing from then on. */
function enter(c: Context, admission: Admission, token: string): Response | Promise<Response> {
  // A browser that only looks ahead must not use it up.
  const isPrefetch = c.req.header('sec-purpose')?.includes('prefetch') ?? false;
  const admitted = isPrefetch ? undefined : admission.redeem(token);
  if (!admitted) return c.text('This link was used or is too old; `orchestra inspect` makes another.\n', 403);
  const { landing, secret } = admitted;
  giveCookie(c, admission, secret);
  // Sent on from elsewhere, a browser would keep the cookie to itself; from our own page it does not.
  return isNear(c) ? c.redirect(landing, 303) : c.html(onwardPage(landing));
}

function onwardPage(landing: string) {
  return html`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Miyabi Orchestra</title>
<meta http-equiv="refresh" content="0;url=${landing}">
</html>
`;
}
