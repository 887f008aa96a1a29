/** The log of events below the charts, live or recorded. */
import { useSignal } from '@preact/signals';
import { eventLabel } from '../../charts/event-label.ts';
import { filterRows, type LogRow } from '../model/event-log.ts';
import { clockText } from '../model/time-text.ts';
import { isNarrow } from './clock.ts';
import { labelOf } from './settings.ts';
import { VirtualList } from './virtual-list.tsx';

interface LogProps {
  rows: readonly LogRow[];
  /** The selected place, '' for the whole. */
  selected: string;
  onOpen: (path: string) => void;
}

/** The live log: it follows the newest event until it is paused. */
export function LiveLog({ rows, selected, onOpen }: LogProps) {
  const onlySelected = useSignal(false);
  const changesOnly = useSignal(false);
  const paused = useSignal<readonly LogRow[] | undefined>(undefined);
  const shown = filterRows(paused.value ?? rows, {
    below: onlySelected.value ? selected : '',
    changesOnly: changesOnly.value,
  });
  const missed = paused.value ? (rows.at(-1)?.id ?? 0) - (paused.value.at(-1)?.id ?? 0) : 0;
  return (
    <section class="log" aria-label="Events">
      <header class="bar">
        <h2>Events</h2>
        <fieldset class="segments">
          <legend class="unseen">Events of</legend>
          <label>
            <input
              type="radio"
              name="log-of"
              checked={!onlySelected.value}
              onChange={() => {
                onlySelected.value = false;
              }}
            />
            <span>All</span>
          </label>
          <label>
            <input
              type="radio"
              name="log-of"
              checked={onlySelected.value}
              onChange={() => {
                onlySelected.value = true;
              }}
            />
            <span>Selected</span>
          </label>
        </fieldset>
        <label class="check">
          <input
            type="checkbox"
            checked={changesOnly.value}
            onChange={() => {
              changesOnly.value = !changesOnly.value;
            }}
          />
          Only changes
        </label>
        <span class="spacer" />
        <button
          type="button"
          aria-pressed={paused.value !== undefined}
          onClick={() => {
            paused.value = paused.value ? undefined : rows;
          }}
        >
          {paused.value ? `Resume${missed > 0 ? ` (${missed} new)` : ''}` : 'Pause'}
        </button>
      </header>
      <LogRows rows={shown} follow={!paused.value} onOpen={({ path }) => onOpen(path)} />
    </section>
  );
}

interface LogRowsProps {
  rows: readonly LogRow[];
  follow?: boolean;
  /** Index of the row that the page stands at. */
  current?: number | undefined;
  onOpen: (row: LogRow, index: number) => void;
}

export function LogRows({ rows, follow = false, current, onOpen }: LogRowsProps) {
  if (rows.length === 0) return <p class="hint">No events yet.</p>;
  return (
    <VirtualList
      count={rows.length}
      rowHeight={isNarrow.value ? 46 : 26}
      label="Rows of the log"
      follow={follow}
      current={current}
      row={(index) => {
        const row = rows[index];
        return row && <Row row={row} isCurrent={index === current} onOpen={() => onOpen(row, index)} />;
      }}
    />
  );
}

function Row({ row, isCurrent, onOpen }: { row: LogRow; isCurrent: boolean; onOpen: () => void }) {
  const { at, path, event, from, to, end } = row;
  return (
    <button
      type="button"
      class={`log-row${to === undefined ? ' faint' : ''}`}
      onClick={onOpen}
      title={`${path}\n${event}`}
      {...(isCurrent ? { 'aria-current': 'step' } : {})}
    >
      <time>{clockText(at)}</time>
      <span class="log-who">{labelOf(path)}</span>
      <span class="log-event">{eventLabel(event)}</span>
      <span class="log-change">
        {to !== undefined && (
          <>
            {from && from !== to && <span class="log-from">{from} → </span>}
            <span class={end === 'error' ? 'bad' : 'log-to'}>{to || end}</span>
            {end && to && <span class="log-from"> ({end})</span>}
          </>
        )}
      </span>
    </button>
  );
}
