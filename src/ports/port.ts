/** A place where one actor offers the adapter it owns and others take it; the adapter may come, go and be replaced. */

export class PortClosedError extends Error {
  override readonly name = 'PortClosedError';
  readonly code = 'closed';
  constructor(port: string) {
    super(`${port} is not open now; its supervisor brings it back`);
  }
}

/**
 * Actors hold ports, never each other: the owner fills it when it has opened its adapter and empties it when it closes,
 * and whoever finds it empty crashes or waits, as its supervisor tells it.
 */
export class Port<T> {
  readonly name: string;
  #value: T | undefined;
  readonly #waiting = new Set<(value: T) => void>();

  constructor(name: string) {
    this.name = name;
  }

  /** @throws PortClosedError when nothing is offered now. */
  get(): T {
    if (this.#value === undefined) throw new PortClosedError(this.name);
    return this.#value;
  }

  peek(): T | undefined {
    return this.#value;
  }

  /** Resolves as soon as something is offered; rejects when `signal` aborts, so that no one who was ended goes on. */
  whenOpen(signal: AbortSignal): Promise<T> {
    const value = this.#value;
    if (signal.aborted) return Promise.reject(signal.reason);
    if (value !== undefined) return Promise.resolve(value);
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#waiting.delete(take);
        reject(signal.reason);
      };
      const take = (offered: T) => {
        signal.removeEventListener('abort', abort);
        resolve(offered);
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#waiting.add(take);
    });
  }

  fill(value: T): void {
    this.#value = value;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const take of waiting) take(value);
  }

  empty(): void {
    this.#value = undefined;
  }
}
