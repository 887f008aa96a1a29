/** Who is let in: a browser that was opened with a one-time token, and from then on shows a cookie. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

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

/** Outlives the server: after a restart of it, pages that were open are let in again. */
export class Admission {
  readonly cookieName: string;
  /** The cookie's value. */
  readonly secret = randomBytes(32).toString('base64url');
  readonly #now: () => number;
  #tokens: Token[] = [];

  constructor({ owner, now = Date.now }: AdmissionOptions) {
    this.cookieName = `orchestra-${digestOf(owner).toString('hex').slice(0, 12)}`;
    this.#now = now;
  }

  /** A token for one use. `landing` is where it leads: `/`, with a fragment or without. */
  issue(landing: string): string {
    const token = randomBytes(24).toString('base64url');
    const expires = this.#now() + tokenLife;
    this.#tokens = [...this.#living(), { digest: digestOf(token), expires, landing }].slice(-maxTokens);
    return token;
  }

  /** Uses a token up. Returns where it leads; undefined for one that is unknown, used or too old. */
  redeem(token: string): string | undefined {
    const digest = digestOf(token);
    const known = this.#living();
    // All are compared, and digests instead of tokens, so that the time it takes tells nothing.
    const [found] = known.filter((candidate) => timingSafeEqual(candidate.digest, digest));
    this.#tokens = known.filter((candidate) => candidate !== found);
    return found?.landing;
  }

  /** Whether this is the value of our cookie. */
  admits(cookie: string | undefined): boolean {
    return cookie !== undefined && timingSafeEqual(digestOf(cookie), digestOf(this.secret));
  }

  #living(): Token[] {
    return this.#tokens.filter(({ expires }) => expires > this.#now());
  }
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
