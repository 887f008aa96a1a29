/** Recorded transitions, one after another: the charts as they were at any moment. */
import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { rowsOfTransitions } from '../model/event-log.ts';
import type { Gap, Recording } from '../model/recording.ts';
import type { ReplayRoute } from '../model/route.ts';
import { rowsOfPaths } from '../model/tree-rows.ts';
import { liveRows } from './live-store.ts';
import { placeOf } from './live-view.tsx';
import { correct, show } from './location.ts';
import { LogRows } from './log-rows.tsx';
import { Panes } from './panes.tsx';
import { Player } from './player.tsx';
import { minutesAgo, RangeForm } from './range-form.tsx';
import { type Fetched, fetchRecording } from './replay-source.ts';
import { Stage } from './stage.tsx';
import { Tree } from './tree.tsx';

export function ReplayView({ route }: { route: ReplayRoute }) {
  const fetched = useSignal<Fetched>({ state: 'loading' });
  useEffect(() => {
    if (route.from === undefined) return correct({ ...route, from: minutesAgo(15) });
    const over = new AbortController();
    void fetchRecording({ ...route, from: route.from }, over.signal).then((result) => {
      if (!over.signal.aborted) fetched.value = result;
    });
    return () => over.abort();
  }, []);
  const { value } = fetched;
  if (value.state === 'loaded' && value.recording.length > 0)
    return <Playing recording={value.recording} hasMore={value.hasMore} route={route} />;
  return (
    <div class="replay-empty">
      <RangeForm route={route} />
      {value.state === 'loading' && (
        <p class="hint" role="status">
          Reading the journal …
        </p>
      )}
      {value.state === 'failed' && (
        <p class="hint bad" role="alert">
          {value.why}
        </p>
      )}
      {value.state === 'loaded' && (
        <div class="hint" role="status">
          <h2>Nothing was recorded in this time{route.agent ? ` of ${route.agent}` : ''}.</h2>
          <p>
            Choose an earlier start or another agent above. The journal keeps what the machines did since the
            daemon began to record, as far as its size allows; <code>orchestra replay --from 1h</code> shows
            the same in the terminal.
          </p>
        </div>
      )}
    </div>
  );
}

/** Places that are known now stand as they do in the live tree: a recording does not tell the order of siblings. */
function inLiveOrder(paths: readonly string[]): string[] {
  const recorded = new Set(paths);
  const known = liveRows.value.map(({ path }) => path);
  return [...known.filter((path) => recorded.has(path)), ...paths];
}

interface PlayingProps {
  recording: Recording;
  hasMore: boolean;
  route: ReplayRoute;
}

function Playing({ recording, hasMore, route }: PlayingProps) {
  const count = useSignal(0);
  const rows = useMemo(() => rowsOfTransitions(recording.transitions), [recording]);
  const actors = useComputed(() => recording.actorsAfter(count.value));
  const treeRows = useComputed(() => rowsOfPaths(inLiveOrder(recording.paths), actors.value));
  return (
    <Panes
      placeKey={`${route.shows} ${route.path}`}
      top={
        <>
          <RangeForm route={route} />
          {hasMore && (
            <p class="note" role="status">
              These are the first {recording.length.toLocaleString('en')} transitions of this time; choose a
              later start to see more.
            </p>
          )}
          <Gaps gaps={recording.gaps} />
          <Player recording={recording} count={count} />
        </>
      }
      tree={
        <Tree
          rows={treeRows.value}
          actors={actors.value}
          selected={route.path}
          onSelect={(row) => show(placeOf(row))}
        />
      }
      stage={<Stage place={route} rows={treeRows.value} actors={actors.value} />}
      log={
        <section class="log" aria-label="Transitions">
          <header class="bar">
            <h2>Transitions</h2>
            <span class="faint">{recording.length.toLocaleString('en')}</span>
          </header>
          <LogRows
            rows={rows}
            current={count.value - 1}
            onOpen={(_, index) => {
              count.value = index + 1;
            }}
          />
        </section>
      }
    />
  );
}

function Gaps({ gaps }: { gaps: readonly Gap[] }) {
  if (gaps.length === 0) return null;
  const missing = gaps.reduce((sum, gap) => sum + gap.missing, 0);
  return (
    <p class="note" role="status">
      {missing.toLocaleString('en')} {missing === 1 ? 'transition is' : 'transitions are'} missing, at{' '}
      {gaps.length === 1 ? 'one place' : `${gaps.length} places`}: the journal could not keep or read them.
      What stood after it is known again.
    </p>
  );
}
