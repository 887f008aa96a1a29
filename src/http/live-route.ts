/** `/api/live`: everything that happens, for as long as the page is open. */
import type { Socket } from 'node:net';
import type { HttpBindings } from '@hono/node-server';
import type { Handler } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import type { Viewer } from '../inspection/wire-event.ts';
import { LiveStream } from './live-stream.ts';
import { sessionLife } from './sessions.ts';
import { watchTree } from './watch-tree.ts';

/** Milliseconds without anything to say. */
const heartbeat = 15_000;
/** Milliseconds after which a page has to ask again, which renews its cookie. */
const longest = sessionLife / 2;
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

export function liveRoute(source: LiveSource): Handler<{ Bindings: HttpBindings }> {
  const viewers = new Set<Socket>();
  return (c) => {
    const { socket } = c.env.incoming;
    // A second one on the same connection would wait for the end of the first, which never comes.
    if (viewers.has(socket)) return c.text('This connection has a page already.\n', 429);
    if (viewers.size >= maxViewers) return c.text('Too many pages are open.\n', 503);
    viewers.add(socket);
    return streamSSE(c, async (stream) => {
      try {
        const isStuck = await serve(source, stream);
        // What waits for nobody would keep the connection open.
        if (isStuck) socket.destroy();
      } catch (error) {
        source.failed(error);
      } finally {
        viewers.delete(socket);
      }
    });
  };
}

/** Ends with the connection, which the page or the server closes, and returns whether nobody reads any more. */
async function serve(source: LiveSource, stream: SSEStreamingApi): Promise<boolean> {
  const { attach, describeTree, failed } = source;
  const live = new LiveStream(stream, source.boot);
  const detach = attach(live);
  const leaveTree = watchTree({
    describeTree,
    failed,
    tell: (tree) => live.tree(tree),
    isBusy: () => live.isSlow(),
  });
  let isStuck = false;
  const beating = setInterval(() => {
    live.beat();
    isStuck = live.isStuck();
    if (isStuck) stream.abort();
  }, heartbeat);
  const ending = setTimeout(() => stream.abort(), longest);
  await new Promise<void>((resolve) => {
    stream.onAbort(resolve);
    if (stream.aborted) resolve();
  });
  clearTimeout(ending);
  clearInterval(beating);
  leaveTree();
  detach();
  return isStuck;
}
