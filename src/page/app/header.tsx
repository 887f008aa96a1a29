/** The head of the page: whose it is, the three views, and whether the daemon is there. */
import { connection } from './live-store.ts';
import { route } from './location.ts';
import { settings } from './settings.ts';

const views = [
  { view: 'live', name: 'Live', hash: '#live/' },
  { view: 'stately', name: 'Stately', hash: '#stately' },
  { view: 'replay', name: 'Replay', hash: '#replay' },
] as const;

export function Header() {
  return (
    <header class="head">
      <a class="brand" href="#live/">
        <Mark />
        <span>
          Miyabi <b>Orchestra</b>
        </span>
      </a>
      <nav class="views" aria-label="Views">
        {views.map(({ view, name, hash }) => (
          <a key={view} href={hash} aria-current={route.value.view === view ? 'page' : undefined}>
            {name}
          </a>
        ))}
      </nav>
      <span class="spacer" />
      <span class="daemon">
        <span class="node">{settings.value?.node}</span>
        {settings.value && <span class="version">{settings.value.version}</span>}
        <Lamp />
      </span>
    </header>
  );
}

const words = { connecting: 'connecting', connected: 'live', away: 'away', refused: 'no access' };

function Lamp() {
  return (
    <span class="lamp" role="status" data-connection={connection.value}>
      <span class="dot" aria-hidden="true" />
      {words[connection.value]}
    </span>
  );
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M16 9v5M16 14c0 4-7 2-7 7M16 14c0 4 7 2 7 7" />
      <circle cx="16" cy="8" r="3.4" />
      <circle cx="9" cy="23.5" r="3.4" />
      <circle cx="23" cy="23.5" r="3.4" />
    </svg>
  );
}
