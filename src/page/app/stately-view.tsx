/** The Stately Inspector, in a frame or a window of its own, fed by this page. */
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { bridgeTo } from './inspector-bridge.ts';
import { settings } from './settings.ts';

/** When the inspector has not answered by then, the page says so; it may still come. */
const patience = 8_000;

export function StatelyView() {
  const url = settings.value?.inspectorUrl;
  if (url === undefined)
    return (
      <p class="hint" role="status">
        Asking the daemon for the inspector’s address …
      </p>
    );
  return <Inspector key={url} url={url} />;
}

function Inspector({ url }: { url: string }) {
  const { origin } = new URL(url, location.href);
  const frame = useRef<HTMLIFrameElement>(null);
  const popup = useRef<Window | null>(null);
  const isInWindow = useSignal(false);
  const state = useSignal<'loading' | 'connected' | 'silent'>('loading');
  /** Each number is a load of the inspector. */
  const load = useSignal(0);

  const loadAnew = () => {
    state.value = 'loading';
    if (isInWindow.value && popup.current && !popup.current.closed) popup.current.location.replace(url);
    load.value += 1;
  };
  // Before the browser goes on: an inspector that is there at once is not to be missed.
  useLayoutEffect(
    () =>
      bridgeTo(url, () => (isInWindow.value ? popup.current : frame.current?.contentWindow), {
        connected: () => {
          state.value = 'connected';
        },
        outdated: loadAnew,
      }),
    [url],
  );
  useEffect(() => {
    const timer = window.setTimeout(() => {
      if (state.value === 'loading') state.value = 'silent';
    }, patience);
    return () => window.clearTimeout(timer);
  }, [load.value]);

  const toWindow = () => {
    popup.current = window.open(url, 'xstateinspector');
    if (!popup.current) return;
    isInWindow.value = true;
    state.value = 'loading';
    load.value += 1;
  };
  const toFrame = () => {
    popup.current?.close();
    isInWindow.value = false;
    loadAnew();
  };

  return (
    <section class="stately" aria-label="Stately Inspector" data-inspector={state.value}>
      <header class="bar">
        <span
          class={`lamp`}
          data-connection={state.value === 'connected' ? 'connected' : 'away'}
          role="status"
        >
          <span class="dot" aria-hidden="true" />
          {state.value === 'connected' ? 'connected' : state.value === 'loading' ? 'waiting' : 'no answer'}
        </span>
        <p class="privacy">
          Your browser hands the machines’ states and events, with secrets blacked out, to the JavaScript of{' '}
          <b>{origin}</b> as long as this view is open. The Live view sends nothing to anybody.
        </p>
        <span class="spacer" />
        <button type="button" onClick={loadAnew}>
          Reload
        </button>
        {isInWindow.value ? (
          <button type="button" onClick={toFrame}>
            Bring it back
          </button>
        ) : (
          <button type="button" onClick={toWindow}>
            Open in a window
          </button>
        )}
      </header>
      <div class="inspector">
        {isInWindow.value ? (
          <p class="hint">The inspector is in a window of its own. Leave this page open: it feeds it.</p>
        ) : (
          <iframe
            key={load.value}
            ref={frame}
            src={url}
            title="Stately Inspector"
            allow="clipboard-write"
            referrerpolicy="no-referrer"
            sandbox="allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-forms allow-modals allow-downloads"
          />
        )}
        {state.value === 'silent' && <Unreachable origin={origin} onRetry={loadAnew} onWindow={toWindow} />}
      </div>
    </section>
  );
}

interface UnreachableProps {
  origin: string;
  onRetry: () => void;
  onWindow: () => void;
}

function Unreachable({ origin, onRetry, onWindow }: UnreachableProps) {
  return (
    <div class="unreachable">
      <div role="alert">
        <h2>The browser cannot reach the inspector</h2>
        <p>
          {origin} has not answered within {patience / 1_000} seconds. It needs the internet; a blocker or the
          page itself may also forbid that it is shown in a frame. The offline view shows the same machines
          without it.
        </p>
        <p class="actions">
          <a class="button primary" href="#live/">
            Offline view
          </a>
          <button type="button" onClick={onRetry}>
            Try again
          </button>
          <button type="button" onClick={onWindow}>
            Open in a window
          </button>
        </p>
      </div>
    </div>
  );
}
