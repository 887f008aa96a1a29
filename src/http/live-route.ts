/** `/api/live`: everything that happens, for as long as the page is open. */
import type { Handler } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import type { Viewer } from '../inspection/wire-event.ts';
import { LiveStream } from './live-stream.ts';
import { watchTree } from './watch-tree.ts';

/** Milliseconds without anything to say. */
const heartbeat = 15_000;
/** Pages open at the same time; whoever opens more has left some behind. */
const maxViewers = 32;

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

export function liveRoute(source: LiveSource): Handler {
  let viewers = 0;
  return (c) => {
    if (viewers >= maxViewers) return c.text('Too many pages are open.\n', 503);
    viewers += 1;
    return streamSSE(c, async (stream) => {
      try {
        await serve(source, stream);
      } catch (error) {
        source.failed(error);
      } finally {
        viewers -= 1;
      }
    });
  };
}

/** Ends with the connection, which the page or the server closes. */
async function serve(source: LiveSource, stream: SSEStreamingApi): Promise<void> {
  const { attach, describeTree, failed } = source;
  const live = new LiveStream(stream, source.boot);
  const detach = attach(live);
  const leaveTree = watchTree({
    describeTree,
    failed,
    tell: (tree) => live.tree(tree),
    isBusy: () => live.isSlow(),
  });
  const beating = setInterval(() => live.beat(), heartbeat);
  await new Promise<void>((resolve) => {
    stream.onAbort(resolve);
    if (stream.aborted) resolve();
  });
  clearInterval(beating);
  leaveTree();
  detach();
}
