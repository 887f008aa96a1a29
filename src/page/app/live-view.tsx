/** The offline view: tree, statecharts and events as they are now, with nothing but the daemon's own pages. */
import type { Place } from '../model/route.ts';
import type { TreeRow } from '../model/tree-rows.ts';
import { LiveLog } from './live-log.tsx';
import { connection, liveActors, liveLog, liveRows, treeAge } from './live-store.ts';
import { show } from './location.ts';
import { Panes } from './panes.tsx';
import { Stage } from './stage.tsx';
import { Tree } from './tree.tsx';

/** A supervisor is opened on what it supervises, a worker on its own chart. */
export function placeOf({ path, hasChildren }: TreeRow): Place {
  return { path, shows: hasChildren ? 'below' : 'chart' };
}

export function LiveView({ place }: { place: Place }) {
  const rows = liveRows.value;
  const actors = liveActors.value;
  return (
    <Panes
      isStale={connection.value === 'away' || connection.value === 'refused'}
      placeKey={`${place.shows} ${place.path}`}
      tree={
        <Tree
          rows={rows}
          actors={actors}
          selected={place.path}
          age={treeAge.value}
          onSelect={(row) => show(placeOf(row))}
        />
      }
      stage={<Stage place={place} rows={rows} actors={actors} />}
      log={
        <LiveLog
          rows={liveLog.value}
          selected={place.path}
          onOpen={(path) => show({ path, shows: 'chart' })}
        />
      }
    />
  );
}
