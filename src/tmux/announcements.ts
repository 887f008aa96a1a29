/** One kind of news about panes, and those who want to hear it. */
import type { PaneId } from './pane-id.ts';

/**
 * The latest news about each pane is kept for who comes later: between starting something and listening for its end it
 * may have ended already.
 */
export class Announcements<T extends { readonly pane: PaneId }> {
  readonly #listeners = new Set<(news: T) => void>();
  readonly #latest = new Map<PaneId, T>();

  announce(news: T): void {
    this.#latest.set(news.pane, news);
    for (const listener of this.#listeners) listener(news);
  }

  /** What was said about this pane is no news any more. */
  retract(pane: PaneId): void {
    this.#latest.delete(pane);
  }

  /** Hears what is kept, but not before this has returned, and then everything. @returns a function that ends it */
  listen(listener: (news: T) => void): () => void {
    this.#listeners.add(listener);
    const kept = [...this.#latest.values()];
    queueMicrotask(() => {
      for (const news of kept) if (this.#listeners.has(listener)) listener(news);
    });
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
