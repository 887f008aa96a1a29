/** The events as they come, below the charts: it follows the newest until it is paused. */
import { type Signal, useSignal } from '@preact/signals';
import { filterRows, type LogFilter, type LogRow } from '../model/event-log.ts';
import { isNarrow } from './clock.ts';
import { LogRows } from './log-rows.tsx';

interface LogProps {
  rows: readonly LogRow[];
  /** The selected place, '' for the whole. */
  selected: string;
  onOpen: (path: string) => void;
}

export function LiveLog({ rows, selected, onOpen }: LogProps) {
  const onlySelected = useSignal(false);
  const changesOnly = useSignal(false);
  const routine = useSignal(false);
  const paused = useSignal<readonly LogRow[] | undefined>(undefined);
  const filter: LogFilter = {
    below: onlySelected.value ? selected : '',
    changesOnly: changesOnly.value,
    routine: routine.value,
  };
  const shown = filterRows(paused.value ?? rows, filter);
  const missed = paused.value ? rowsSince(paused.value, filterRows(rows, filter)) : 0;
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
        <Check name={isNarrow.value ? 'Changes' : 'Only changes'} isOn={changesOnly} />
        <Check
          name="Routine"
          title="Turns that the clock begins and that change nothing, as of those who look from time to time"
          isOn={routine}
        />
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
      {shown.length > 0 ? (
        <LogRows rows={shown} follow={!paused.value} onOpen={({ path }) => onOpen(path)} />
      ) : (
        <p class="hint">
          {rows.length > 0 ? 'Nothing so far but what the choice above leaves out.' : 'No events yet.'}
        </p>
      )}
    </section>
  );
}

function Check({ name, title, isOn }: { name: string; title?: string; isOn: Signal<boolean> }) {
  return (
    <label class="check" title={title}>
      <input
        type="checkbox"
        checked={isOn.value}
        onChange={() => {
          isOn.value = !isOn.value;
        }}
      />
      {name}
    </label>
  );
}

/** How many have come since the page stood still. */
function rowsSince(paused: readonly LogRow[], rows: readonly LogRow[]): number {
  const last = paused.at(-1)?.id ?? -1;
  return rows.filter(({ id }) => id > last).length;
}
