/** Who is let in: a browser that was opened with a one-time token, and from then on shows a cookie. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { digestOf, Sessions } from './sessions.ts';

/** Milliseconds in which a token has to be used. */
const tokenLife = 120_000;
/** Tokens that wait to be used; of more, the oldest are taken back. */
const maxTokens = 32;

interface Token {
  readonly digest: Buffer;
  /** Milliseconds since the epoch. */
  readonly expires: number;
  readonly landing: string;
}

export interface AdmissionOptions {
  /** Distinguishes this daemon: browsers share cookies among all ports of an address. */
  readonly owner: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * Outlives the server: after a restart of it, pages that were open are let in again.
 *
 * A browser shows the cookie to every server on this address, whatever its port (RFC 6265, section 8.5), so whoever
 * listens on another port and is visited with the same browser can use it. That is why a secret is one browser's alone,
 * ends with the daemon or a day after it was last used, and lets nobody do more than look.
 */
export class Admission {
  readonly cookieName: string;
  readonly #now: () => number;
  readonly #sessions: Sessions;
  #tokens: Token[] = [];

  constructor({ owner, now = Date.now }: AdmissionOptions) {
    this.cookieName = `orchestra-${digestOf(owner).toString('hex').slice(0, 12)}`;
    this.#now = now;
    this.#sessions = new Sessions(now);
  }

  /** A token for one use. `landing` is where it leads: `/`, with a fragment or without. */
  issue(landing: string): string {
    const token = randomBytes(24).toString('base64url');
    const expires = this.#now() + tokenLife;
    this.#tokens = [...this.#living(), { digest: digestOf(token), expires, landing }].slice(-maxTokens);
    return token;
  }

  /** Uses a token up. Returns where it leads, and the cookie's value; undefined for one that is unknown, used or too old. */
  redeem(token: string): { readonly landing: string; readonly secret: string } | undefined {
    const digest = digestOf(token);
    const known = this.#living();
    // All are compared, and digests instead of tokens, so that the time it takes tells nothing.
    const [found] = known.filter((candidate) => timingSafeEqual(candidate.digest, digest));
    this.#tokens = known.filter((candidate) => candidate !== found);
    return found && { landing: found.landing, secret: this.#sessions.open() };
  }

  /** Whether a token was redeemed for this secret, not too long ago; its use prolongs it. */
  admits(secret: string): boolean {
    return this.#sessions.renew(secret);
  }

  #living(): Token[] {
    return this.#tokens.filter(({ expires }) => expires > this.#now());
  }
}
