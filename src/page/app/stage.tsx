/** The middle of the page: the chart of one machine with what is known of it, or the charts of everything below a place. */
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { partLabel, rootName } from '../model/path-label.ts';
import type { Place } from '../model/route.ts';
import { type Card as CardModel, sectionsBelow } from '../model/sections.ts';
import type { StageActor, StageActors } from '../model/stage-actor.ts';
import { stateText } from '../model/state-text.ts';
import type { TreeRow } from '../model/tree-rows.ts';
import { Chart } from './chart.tsx';
import { wantsStillness } from './clock.ts';
import { Facts } from './facts.tsx';
import { JsonValue } from './json-value.tsx';
import { placeHash } from './location.ts';
import { faces, labelOf } from './settings.ts';

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

function StateBadge({ actor, row }: { actor: StageActor | undefined; row: TreeRow | undefined }) {
  const isLit = actor?.status === 'active';
  const text = isLit ? stateText(actor.value) : (row?.state ?? actor?.status ?? 'not there');
  return (
    <span
      class={`badge ${isLit ? 'lit' : row?.state === 'quarantined' || actor?.status === 'error' ? 'bad' : ''}`}
    >
      {text}
    </span>
  );
}

function Overview({ place, rows, actors }: StageProps) {
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
  const name = isOwn ? 'supervisor' : path.slice(path.lastIndexOf('/') + 1);
  return (
    <a class="card" href={placeHash({ path, shows: 'chart' })} data-path={path} aria-label={labelOf(path)}>
      <header>
        <strong>{name}</strong>
        {machine && machine !== name && <small>{machine}</small>}
      </header>
      <StateBadge actor={actor} row={row} />
      <div class="card-chart">{machine && <Chart machine={machine} actor={actor} isSmall />}</div>
    </a>
  );
}

/** The smallest scale at which the text of a chart is read without effort, and the largest that is of use. */
const readable = 0.65;
const largest = 1.25;

function OneChart({ actor, row }: { actor: StageActor | undefined; row: TreeRow | undefined }) {
  const room = useRef<HTMLDivElement>(null);
  const natural = useSignal({ width: 0, height: 0 });
  const space = useSignal({ width: 0, height: 0 });
  /** Undefined: whatever shows the most and can be read. */
  const zoom = useSignal<number | 'width' | 'whole' | undefined>(undefined);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry) space.value = { width: entry.contentRect.width, height: entry.contentRect.height };
    });
    if (room.current) observer.observe(room.current);
    return () => observer.disconnect();
  }, []);
  const { width, height } = natural.value;
  const whole = Math.min(largest, space.value.width / width, space.value.height / height);
  const mode = zoom.value ?? (whole >= readable ? 'whole' : 'width');
  const scales = { whole, width: Math.min(1, Math.max(readable, space.value.width / width)) };
  const scale = typeof mode === 'number' ? mode : scales[mode];
  const active = useRef<Element | undefined>(undefined);
  const bringIntoSight = (behavior: ScrollBehavior) => {
    if (!active.current) return;
    const seen = room.current?.getBoundingClientRect();
    const { top, bottom, left, right } = active.current.getBoundingClientRect();
    const isSeen =
      seen && top >= seen.top && bottom <= seen.bottom && left >= seen.left && right <= seen.right;
    if (!isSeen) active.current.scrollIntoView({ block: 'center', inline: 'center', behavior });
  };
  useLayoutEffect(() => bringIntoSight('auto'), [scale, width]);
  return (
    <div class="one">
      <div class="one-chart">
        <div class="room" ref={room}>
          {actor ? (
            <div class="sheet" style={{ width: `${width * scale}px`, height: `${height * scale}px` }}>
              <Chart
                machine={actor.machine}
                actor={actor}
                onSize={(size) => {
                  natural.value = size;
                }}
                onActive={(state) => {
                  active.current = state;
                  bringIntoSight(wantsStillness() ? 'auto' : 'smooth');
                }}
              />
            </div>
          ) : (
            <p class="hint">No machine lives here at this moment.</p>
          )}
        </div>
        <fieldset class="zoom" aria-label="Size of the chart">
          <button
            type="button"
            aria-label="Smaller"
            onClick={() => {
              zoom.value = Math.max(0.3, scale / 1.2);
            }}
          >
            −
          </button>
          <button
            type="button"
            aria-pressed={mode === 'width'}
            onClick={() => {
              zoom.value = 'width';
            }}
          >
            Width
          </button>
          <button
            type="button"
            aria-pressed={mode === 'whole'}
            onClick={() => {
              zoom.value = 'whole';
            }}
          >
            Whole
          </button>
          <button
            type="button"
            aria-label="Larger"
            onClick={() => {
              zoom.value = Math.min(3, scale * 1.2);
            }}
          >
            +
          </button>
        </fieldset>
      </div>
      {(row?.child || row?.supervisor || actor?.context !== undefined) && (
        <aside class="about" aria-label="What is known of it">
          <Facts row={row} machine={actor?.machine} />
          {actor?.context !== undefined && (
            <>
              <h2>Context</h2>
              <JsonValue value={actor.context} />
            </>
          )}
        </aside>
      )}
    </div>
  );
}
