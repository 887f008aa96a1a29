/** What the page asks the browser about the world: the present second, the width of the screen, whether movement is wanted. */
import { signal } from '@preact/signals';

/** Milliseconds since the epoch, moved on once a second while the page is seen. */
export const now = signal(Date.now());

setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 1_000);

/** Whether the reader asked for less movement. */
export function wantsStillness(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

const narrow = matchMedia('(max-width: 760px)');

/** Whether the screen is a narrow one, as the style sheets have it. */
export const isNarrow = signal(narrow.matches);

narrow.addEventListener('change', () => {
  isNarrow.value = narrow.matches;
});
