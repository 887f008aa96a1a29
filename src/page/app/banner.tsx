/** Says that the daemon does not answer, or lets this browser in no more, and what to do. */
import { clockText } from '../../terminal/clock-text.ts';
import { awaySince, connection } from './live-store.ts';

export function Banner() {
  switch (connection.value) {
    case 'away':
      return (
        <p class="banner" role="alert">
          <strong>The daemon has been away since {clockText(new Date(awaySince.value)).slice(0, 8)}.</strong>{' '}
          What you see is how it was then. This page connects again by itself; if the daemon has been
          restarted, run <code>orchestra inspect</code>.
        </p>
      );
    case 'refused':
      return (
        <p class="banner bad" role="alert">
          <strong>This page’s link no longer holds.</strong> Run <code>orchestra inspect</code> to open a new
          one.
        </p>
      );
    case 'connecting':
    case 'connected':
      return null;
  }
}
