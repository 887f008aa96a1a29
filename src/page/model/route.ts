/** What the address says after `#`: which view, and what it shows. A reload and a link lead to the same place. */

/** A place in the tree, and whether the chart of the machine there is shown or those of everything from there down. */
export interface Place {
  readonly path: string;
  readonly shows: 'below' | 'chart';
}

export interface LiveRoute extends Place {
  readonly view: 'live';
}

export interface ReplayRoute extends Place {
  readonly view: 'replay';
  /** ISO times; without `from` the last minutes, without `to` until now. */
  readonly from?: string;
  readonly to?: string;
  readonly agent?: string;
}

export type Route = LiveRoute | ReplayRoute | { readonly view: 'stately' };

/** Reads an address; what is not understood is the overview of everything. */
export function parseRoute(hash: string): Route {
  const [, view = '', rest = ''] = /^#(\w*)[/?=]?(.*)$/su.exec(hash) ?? [];
  switch (view) {
    case 'stately':
      return { view };
    case 'replay':
      return parseReplay(new URLSearchParams(rest));
    case 'chart':
      return { view: 'live', path: decodePath(rest), shows: 'chart' };
    case 'live':
      return { view: 'live', path: decodePath(rest), shows: 'below' };
    default:
      return { view: 'live', path: '', shows: 'below' };
  }
}

/** The address of a route, `#` included. */
export function routeHash(route: Route): string {
  switch (route.view) {
    case 'stately':
      return '#stately';
    case 'live':
      return `#${route.shows === 'chart' ? 'chart' : 'live'}/${encodePath(route.path)}`;
    case 'replay': {
      const { from, to, agent, path, shows } = route;
      const place = shows === 'chart' ? { chart: path } : path === '' ? {} : { below: path };
      const query = new URLSearchParams();
      for (const [key, value] of Object.entries({ from, to, agent, ...place }))
        if (value !== undefined) query.set(key, value);
      return query.size === 0 ? '#replay' : `#replay?${query}`;
    }
  }
}

function parseReplay(query: URLSearchParams): ReplayRoute {
  const [from, to, agent] = ['from', 'to', 'agent'].map((key) => query.get(key) ?? '');
  const chart = query.get('chart');
  return {
    view: 'replay',
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(agent ? { agent } : {}),
    path: chart ?? query.get('below') ?? '',
    shows: chart === null ? 'below' : 'chart',
  };
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/').replaceAll('%3A', ':');
}

function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
