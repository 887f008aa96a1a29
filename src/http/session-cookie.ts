/** The cookie that a browser shows once it was let in: for no script and no other site. */
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Admission } from './admission.ts';
import { sessionLife } from './sessions.ts';

export function giveCookie(c: Context, { cookieName }: Admission, secret: string): void {
  const maxAge = sessionLife / 1_000;
  setCookie(c, cookieName, secret, { httpOnly: true, sameSite: 'Strict', path: '/', maxAge });
}

/** Whether the browser shows a cookie that holds; it is then given it anew, to keep as long as we do. */
export function hasCookie(c: Context, admission: Admission): boolean {
  const secret = getCookie(c, admission.cookieName);
  if (secret === undefined || !admission.admits(secret)) return false;
  giveCookie(c, admission, secret);
  return true;
}
