/** Every machine at and below a place as a small chart, a family for each supervisor. */
import type { Place } from '../model/route.ts';
import { type Card as CardModel, sectionsBelow } from '../model/sections.ts';
import type { StageActors } from '../model/stage-actor.ts';
import type { TreeRow } from '../model/tree-rows.ts';
import { Chart } from './chart.tsx';
import { placeHash } from './location.ts';
import { labelOf } from './settings.ts';
import { StateBadge } from './state-badge.tsx';

interface OverviewProps {
  place: Place;
  rows: readonly TreeRow[];
  actors: StageActors;
}

export function Overview({ place, rows, actors }: OverviewProps) {
  const sections = sectionsBelow(rows, actors, place.path);
  if (sections.length === 0) return <p class="hint">Nothing lives here now.</p>;
  return (
    <div class="overview">
      {sections.map(({ path, row, cards }) => (
        <section key={path} class="family">
          <h2>
            <a href={placeHash({ path, shows: path === place.path ? 'chart' : 'below' })}>{labelOf(path)}</a>
            {row.supervisor && <small>{row.supervisor.strategy}</small>}
          </h2>
          <div class="cards">
            {cards.map((card) => (
              <Card key={card.path} card={card} isOwn={card.path === path} />
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}

function Card({ card: { path, actor, row }, isOwn }: { card: CardModel; isOwn: boolean }) {
  const machine = actor?.machine;
  const isAbsent = actor?.status === 'not started' || actor?.status === 'ended';
  const name = isOwn ? 'supervisor' : path.slice(path.lastIndexOf('/') + 1);
  return (
    <a
      class={`card${isAbsent ? ' absent' : ''}`}
      href={placeHash({ path, shows: 'chart' })}
      data-path={path}
      aria-label={labelOf(path)}
    >
      <header>
        <strong>{name}</strong>
        {machine && machine !== name && <small>{machine}</small>}
      </header>
      <StateBadge actor={actor} row={row} />
      <div class="card-chart">{machine && <Chart machine={machine} actor={actor} isSmall />}</div>
    </a>
  );
}
