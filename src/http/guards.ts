/** What every request has to pass before it is answered: the server is for one browser on this machine, and for no page of another site. */
import type { Context, MiddlewareHandler } from 'hono';
import type { Admission } from './admission.ts';
import { hasCookie } from './session-cookie.ts';

/** Refuses other names for this address, as a site uses that points its own name at 127.0.0.1 (DNS rebinding). */
export function requireOurHost(hosts: ReadonlySet<string>): MiddlewareHandler {
  return async (c, next) => {
    if (hosts.has(c.req.header('host') ?? '')) return next();
    return c.text('This address is not served here.\n', 421);
  };
}

/** Only reading is served, and HEAD of a stream that never ends would be none. */
export const requireGet: MiddlewareHandler = async (c, next) => {
  // A HEAD request reaches the handlers as GET; the raw one tells.
  if (c.req.raw.method === 'GET') return next();
  c.header('Allow', 'GET');
  return c.text('Only GET is served here.\n', 405);
};

/** Refuses what a page of another origin has sent; programs that are no browser send neither header. */
export function requireOurOrigin(hosts: ReadonlySet<string>): MiddlewareHandler {
  return async (c, next) => {
    const origin = c.req.header('origin');
    const isOurs = origin === undefined || [...hosts].some((host) => origin === `http://${host}`);
    if (isOurs && (isNear(c) || isEntry(c))) return next();
    return c.text('Requests of other sites are not served.\n', 403);
  };
}

/** Sent by our own page, by a person who typed the address, or by a program that is no browser. */
export function isNear(c: Context): boolean {
  return ['same-origin', 'none', undefined].includes(c.req.header('sec-fetch-site'));
}

/** A person who follows a link to the page, from wherever it is shown; another port of this address is `same-site`. */
function isEntry(c: Context): boolean {
  const isNavigation = c.req.header('sec-fetch-mode') === 'navigate';
  const isPage = c.req.header('sec-fetch-dest') === 'document';
  return isNavigation && isPage && (c.req.path === '/' || c.req.path.startsWith('/open/'));
}

export function requireCookie(admission: Admission): MiddlewareHandler {
  return async (c, next) => {
    if (hasCookie(c, admission)) return next();
    return c.html(strangerPage, 403);
  };
}

const strangerPage = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Miyabi Orchestra</title>
<h1>This page needs a new link</h1>
<p>A link is good for one browser, once, within two minutes. <code>orchestra inspect</code> makes another.</p>
</html>
`;
