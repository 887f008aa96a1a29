/**
 * Hands the daemon's stream to the Stately Inspector in another window, message by message. The inspector says
 * `@statelyai.connected` when it is there, after each load anew; only then, and only to its origin, is anything sent.
 */
import type { WireEvent } from '../../inspection/wire-event.ts';
import { listenLive } from './live-source.ts';

export interface BridgeListener {
  /** The inspector is there and is being told everything. */
  connected(): void;
  /** Everything is about to be told anew, after a break or by another daemon; the inspector had better be loaded anew. */
  outdated(): void;
}

/**
 * @param url the inspector's page
 * @param inspectorWindow the window it was loaded into, asked at each message
 * @returns ends it
 */
export function bridgeTo(
  url: string,
  inspectorWindow: () => Window | null | undefined,
  listener: BridgeListener,
): () => void {
  const { origin } = new URL(url, location.href);
  let stopListening = () => {};

  const onMessage = ({ origin: from, source, data }: MessageEvent) => {
    const target = inspectorWindow();
    if (from !== origin || !target || source !== target || data?.type !== '@statelyai.connected') return;
    // A baseline of its own for every load: what an earlier one was told is gone with it.
    stopListening();
    let hasBegun = false;
    stopListening = listenLive({
      hello: () => {
        if (hasBegun) {
          stopListening();
          listener.outdated();
        }
        hasBegun = true;
      },
      inspection: (events) => {
        for (const event of events) target.postMessage(withoutOrchestra(event), origin);
      },
    });
    listener.connected();
  };

  addEventListener('message', onMessage);
  return () => {
    removeEventListener('message', onMessage);
    stopListening();
  };
}

/** The message as the inspector knows it. */
function withoutOrchestra({ orchestra: _, ...message }: WireEvent): object {
  return message;
}
