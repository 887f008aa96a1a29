/** The route that the address bar holds, as a signal; going somewhere makes an entry in the browser's history. */
import { signal } from '@preact/signals';
import { type Place, parseRoute, type Route, routeHash } from '../model/route.ts';

export const route = signal<Route>(parseRoute(location.hash));

addEventListener('hashchange', () => {
  route.value = parseRoute(location.hash);
});

/** Goes to a route. */
export function go(to: Route): void {
  const hash = routeHash(to);
  if (hash !== location.hash) location.hash = hash;
}

/** Says more exactly where one is: the entry in the history is replaced. */
export function correct(to: Route): void {
  location.replace(routeHash(to));
}

/** Shows another place in the view that is open. */
export function show(place: Place): void {
  const { value } = route;
  go(value.view === 'stately' ? { view: 'live', ...place } : { ...value, ...place });
}

/** The address of a place in the view that is open, for links. */
export function placeHash(place: Place): string {
  const { value } = route;
  return routeHash(value.view === 'stately' ? { view: 'live', ...place } : { ...value, ...place });
}
