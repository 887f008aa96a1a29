/** What the browser is told never to do with our pages. */
import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

/** Nothing is loaded from elsewhere; the one frame allowed is the inspector's. */
export function securityHeaders(inspectorUrl: string): MiddlewareHandler {
  const self = ["'self'"];
  const none = ["'none'"];
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: none,
      scriptSrc: self,
      styleSrc: self,
      imgSrc: self,
      connectSrc: self,
      frameSrc: [new URL(inspectorUrl).origin],
      baseUri: none,
      formAction: none,
      frameAncestors: none,
    },
    xFrameOptions: 'DENY',
    // The inspector in a window of its own speaks with the page that has opened it.
    crossOriginOpenerPolicy: 'same-origin-allow-popups',
    strictTransportSecurity: false,
  });
}

/** What is shown is of this moment and of this boot. */
export const neverStored: MiddlewareHandler = async (c, next) => {
  c.header('Cache-Control', 'no-store');
  await next();
};
