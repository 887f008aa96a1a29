/** The stream of one connection to the daemon: opens it, reads its messages, opens it again when it breaks. */
import type { WireEvent } from '../../inspection/wire-event.ts';
import type { SupervisorDescription } from '../../supervision/tree-description.ts';
import { type Admission, askSettings } from './settings.ts';

export interface LiveListener {
  /** A connection begins; all that was told before is told anew. */
  hello(boot: string): void;
  inspection(events: readonly WireEvent[]): void;
  tree?(tree: SupervisorDescription): void;
  /** The connection broke; it is tried again unless the daemon refused. */
  lost?(why: Exclude<Admission, 'admitted'>): void;
}

const firstDelay = 250;
const longestDelay = 5_000;

/** Listens until the function it returns is called. */
export function listenLive(listener: LiveListener): () => void {
  let source: EventSource | undefined;
  let timer: number | undefined;
  let delay = firstDelay;
  let isOver = false;

  const open = () => {
    source = new EventSource('/api/live');
    source.addEventListener('hello', ({ data }) => {
      delay = firstDelay;
      listener.hello(String(JSON.parse(data).boot));
    });
    source.addEventListener('inspection', ({ data }) => listener.inspection(JSON.parse(data)));
    source.addEventListener('tree', ({ data }) => listener.tree?.(JSON.parse(data)));
    source.addEventListener('error', () => void recover());
  };

  // The browser's own reconnecting gives up for good on some failures and hides why; this way it is the same everywhere.
  const recover = async () => {
    source?.close();
    const admission = await askSettings();
    if (isOver) return;
    if (admission !== 'admitted') listener.lost?.(admission);
    if (admission === 'refused') return;
    timer = window.setTimeout(open, delay);
    delay = Math.min(delay * 2, longestDelay);
  };

  open();
  return () => {
    isOver = true;
    source?.close();
    window.clearTimeout(timer);
  };
}
