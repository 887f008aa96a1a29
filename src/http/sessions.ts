/** The browsers that were let in: each shows a secret of its own, which holds for as long as it keeps coming back. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Milliseconds without a request after which a secret is worth nothing. */
export const sessionLife = 24 * 60 * 60_000;
/** Of more, those that were used longest ago end. */
const maxSessions = 64;

interface Session {
  readonly digest: Buffer;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

export class Sessions {
  readonly #now: () => number;
  /** The one that was used last is the last. */
  #sessions: readonly Session[] = [];

  /** @param now milliseconds since the epoch */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Returns the secret of a new session. */
  open(): string {
    const secret = randomBytes(32).toString('base64url');
    this.#keep(this.#living(), digestOf(secret));
    return secret;
  }

  /** Whether this is the secret of a session, which from now on holds for its whole life again. */
  renew(secret: string): boolean {
    const digest = digestOf(secret);
    const known = this.#living();
    // All are compared, and digests instead of secrets, so that the time it takes tells nothing.
    const others = known.filter((session) => !timingSafeEqual(session.digest, digest));
    if (others.length === known.length) return false;
    this.#keep(others, digest);
    return true;
  }

  #keep(others: readonly Session[], digest: Buffer): void {
    this.#sessions = [...others, { digest, expires: this.#now() + sessionLife }].slice(-maxSessions);
  }

  #living(): readonly Session[] {
    return this.#sessions.filter(({ expires }) => expires > this.#now());
  }
}

export function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
