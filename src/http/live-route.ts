/** `/api/live`: everything that happens, for as long as the page is open. */
import type { Handler } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { redactText } from '../inspection/redaction.ts';
import type { Viewer } from '../inspection/wire-event.ts';
import { LiveStream } from './live-stream.ts';

/** Milliseconds without anything to say. */
const heartbeat = 15_000;
/** Milliseconds between two looks at the supervision tree. */
const treeInterval = 1_000;
/** Pages open at the same time; whoever opens more has left some behind. */
const maxViewers = 32;
/** Characters of the reason of an exit. */
const maxReason = 1_000;

export interface LiveSource {
  /** Names this life of the daemon. */
  readonly boot: string;
  /** Begins to send, with a baseline; returns what ends it. */
  attach(viewer: Viewer): () => void;
  /** The supervision tree at this moment, ready for JSON. */
  describeTree(): unknown;
  /** Hears of a fault of ours. */
  failed(error: unknown): void;
}

/** @param closing aborts when the server closes: a response that never ended would hold it up */
export function liveRoute(source: LiveSource, closing: AbortSignal): Handler {
  let viewers = 0;
  return (c) => {
    if (viewers >= maxViewers) return c.text('Too many pages are open.\n', 503);
    viewers += 1;
    return streamSSE(c, async (stream) => {
      try {
        await serve(source, stream, closing);
      } catch (error) {
        source.failed(error);
      } finally {
        viewers -= 1;
      }
    });
  };
}

/** Ends when the page or the server is closed. */
async function serve(source: LiveSource, stream: SSEStreamingApi, closing: AbortSignal): Promise<void> {
  const live = new LiveStream(stream, source.boot);
  const detach = source.attach(live);
  const timers = [setInterval(() => live.beat(), heartbeat), watchTree(source, live)];
  await new Promise<void>((resolve) => {
    stream.onAbort(resolve);
    closing.addEventListener('abort', () => resolve());
    if (closing.aborted || stream.aborted) resolve();
  });
  detach();
  for (const timer of timers) clearInterval(timer);
}

/** Tells the tree at once, and then whenever something in it has changed; that time passes is no change. */
function watchTree({ describeTree, failed }: LiveSource, live: LiveStream): NodeJS.Timeout {
  let told = '';
  const look = () => {
    const tree = describeTree();
    const standing = JSON.stringify(tree, (key, value) => (passing.has(key) ? undefined : value));
    if (standing === told || live.isSlow()) return;
    told = standing;
    live.tree(JSON.stringify(tree, (key, value) => (key === 'reason' ? briefly(value) : value)));
  };
  const lookSafely = () => {
    try {
      look();
    } catch (error) {
      failed(error);
    }
  };
  lookSafely();
  return setInterval(lookSafely, treeInterval);
}

const passing = new Set(['uptime', 'retryIn']);

/** What an error says is free text. */
function briefly(reason: unknown): string {
  return redactText(String(reason).slice(0, maxReason));
}
