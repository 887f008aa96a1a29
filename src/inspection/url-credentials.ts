/** Credentials in addresses: `https://user:password@host`. Passwords hold what they should not, so the last @ counts. */
import { redacted } from './redacted.ts';

/** From the first `//` of a word to its end; the slashes may be escaped, as in JSON. */
const address = /(\\?\/\\?\/)([^\s"'`<>]+)/g;

export function hideUrlCredentials(text: string): string {
  return text.replace(address, (whole: string, slashes: string, rest: string) => {
    const end = rest.lastIndexOf('@');
    return isCredentials(rest.slice(0, Math.max(end, 0))) ? `${slashes}${redacted}${rest.slice(end)}` : whole;
  });
}

/** What stands before the @; in `registry.example/@scope` it is a host and a part of a path. */
function isCredentials(text: string): boolean {
  const [authority = '', ...path] = text.split('/');
  return authority !== '' && (path.length === 0 || text.includes(':') || authority.includes('@'));
}
