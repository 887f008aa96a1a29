/** The rows of a log, of events as they come or of recorded transitions; only those in sight are in the page. */
import { eventLabel } from '../../charts/event-label.ts';
import { clockText } from '../../terminal/clock-text.ts';
import { gapText } from '../../terminal/transition-line.ts';
import type { LogRow } from '../model/event-log.ts';
import { isNarrow } from './clock.ts';
import { labelOf } from './settings.ts';
import { VirtualList } from './virtual-list.tsx';

interface LogRowsProps {
  rows: readonly LogRow[];
  follow?: boolean;
  /** Index of the row that the page stands at. */
  current?: number | undefined;
  onOpen: (row: LogRow, index: number) => void;
}

export function LogRows({ rows, follow = false, current, onOpen }: LogRowsProps) {
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
  const { at, path, event, from, to, end, isRoutine, missing } = row;
  return (
    <button
      type="button"
      class={`log-row${to === undefined || isRoutine ? ' faint' : ''}${missing === undefined ? '' : ' after-gap'}`}
      onClick={onOpen}
      title={`${path}\n${event}`}
      {...(isCurrent ? { 'aria-current': 'step' } : {})}
    >
      <time>{clockText(new Date(at))}</time>
      <span class="log-who">{labelOf(path)}</span>
      <span class="log-event">{eventLabel(event)}</span>
      <span class="log-change">
        {missing !== undefined && <span class="log-gap">{gapText(missing)}</span>}
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
