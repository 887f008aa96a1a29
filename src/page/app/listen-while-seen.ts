/**
 * Listens to the daemon while the page is seen. A browser opens six connections to a host at once, over all its tabs:
 * hidden ones that held theirs would leave none for the next.
 */
import { type LiveListener, listenLive } from './live-source.ts';

/** A page that is hidden for no longer than this, in ms, misses nothing. */
const patience = 30_000;

/** Listens as long as the page is open; seen again after a while it is told everything anew. */
export function listenWhileSeen(listener: LiveListener): void {
  let stop: (() => void) | undefined;
  let timer: number | undefined;
  const turn = () => {
    window.clearTimeout(timer);
    if (!document.hidden) stop ??= listenLive(listener);
    else
      timer = window.setTimeout(() => {
        stop?.();
        stop = undefined;
      }, patience);
  };
  document.addEventListener('visibilitychange', turn);
  turn();
}
