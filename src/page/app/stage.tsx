/** The middle of the page: the chart of one machine with what is known of it, or the charts of everything below a place. */
import { partLabel, rootName } from '../model/path-label.ts';
import type { Place } from '../model/route.ts';
import type { StageActors } from '../model/stage-actor.ts';
import type { TreeRow } from '../model/tree-rows.ts';
import { placeHash } from './location.ts';
import { OneChart } from './one-chart.tsx';
import { Overview } from './overview.tsx';
import { faces } from './settings.ts';
import { StateBadge } from './state-badge.tsx';

interface StageProps {
  place: Place;
  rows: readonly TreeRow[];
  actors: StageActors;
}

export function Stage({ place, rows, actors }: StageProps) {
  const row = rows.find(({ path }) => path === place.path);
  const actor = actors.get(place.path);
  return (
    <section class="stage" aria-label="Statecharts">
      <header class="bar">
        <Crumbs path={place.path} />
        {place.shows === 'chart' && <StateBadge actor={actor} row={row} />}
        <span class="spacer" />
        {(row?.hasChildren ?? place.path === '') && <Choice place={place} />}
      </header>
      {place.shows === 'chart' ? (
        <OneChart key={place.path} actor={actor} row={row} />
      ) : (
        <Overview place={place} rows={rows} actors={actors} />
      )}
    </section>
  );
}

function Crumbs({ path }: { path: string }) {
  const parts = path === '' ? [] : path.split('/');
  const places = ['', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))];
  return (
    <nav class="crumbs" aria-label="Place in the tree">
      {places.map((place, index) => {
        const name = index === 0 ? rootName : partLabel(parts[index - 1] ?? '', faces.value);
        return index === places.length - 1 ? (
          <h1 key={place}>{name}</h1>
        ) : (
          <a key={place} href={placeHash({ path: place, shows: 'below' })}>
            {name}
          </a>
        );
      })}
    </nav>
  );
}

/** For a place that has machines below it: those, or its own chart. */
function Choice({ place: { path, shows } }: { place: Place }) {
  return (
    <nav class="segments" aria-label="What is shown">
      <a href={placeHash({ path, shows: 'below' })} aria-current={shows === 'below' ? 'true' : undefined}>
        {path === '' ? 'All machines' : 'All below'}
      </a>
      <a href={placeHash({ path, shows: 'chart' })} aria-current={shows === 'chart' ? 'true' : undefined}>
        Own chart
      </a>
    </nav>
  );
}
