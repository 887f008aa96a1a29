/** The log of events: one row for each event a machine took, and the state it led to. Bounded. Pure. */
import { stateText } from '../../inspection/state-value.ts';
import { baselineEvent, type WireEvent } from '../../inspection/wire-event.ts';
import type { RecordedTransition } from '../../journal/journal-page.ts';
import { isShown } from './live-state.ts';

export interface LogRow {
  /** Ascending, never used twice. */
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly path: string;
  /** The event's type as XState names it. */
  readonly event: string;
  /** The state before, '' when it had none. */
  readonly from: string;
  /** The state after; undefined when the event changed nothing. */
  readonly to?: string;
  /** How the machine ended, if it did. */
  readonly end?: 'done' | 'error' | 'stopped';
  /** The clock's own turn, which changed nothing. */
  readonly isRoutine?: boolean;
  /** In a recording: so many transitions before this one are missing. */
  readonly missing?: number;
}

/** How many rows are kept. */
export const logCapacity = 5_000;

/** How many of them are routine once it is full: an idle daemon makes little else. */
export const routineCapacity = 500;

/** Collects rows; what it gives out is never changed afterwards. */
export class EventLog {
  #rows: LogRow[] = [];
  #nextId = 0;
  /** The state text of each living machine, by session id. */
  readonly #states = new Map<string, string>();
  /** The row of the event that a machine is at, by session id: its snapshot comes after it. */
  readonly #open = new Map<string, number>();

  /** What is kept, oldest first; the same array until something is added. */
  get rows(): readonly LogRow[] {
    return this.#rows;
  }

  append(messages: readonly WireEvent[]): void {
    const rows = [...this.#rows];
    for (const message of messages) if (isShown(message)) this.#take(rows, message);
    this.#rows = bounded(rows);
  }

  /** The machines are told anew, as after a break; the rows stay. */
  restart(): void {
    this.#states.clear();
    this.#open.clear();
  }

  #take(rows: LogRow[], message: WireEvent): void {
    const { sessionId, orchestra, createdAt } = message;
    const from = this.#states.get(sessionId) ?? '';
    const row = { id: this.#nextId, at: Number(createdAt), path: orchestra.path, from };
    if (message.type === '@xstate.event') {
      this.#open.set(sessionId, row.id);
      this.#add(rows, { ...row, event: message.event.type });
      return;
    }
    const { value, status } = message.snapshot;
    const to = stateText(value ?? null);
    if (status === 'active') this.#states.set(sessionId, to);
    else this.#states.delete(sessionId);
    // Registrations and baselines tell where a machine stands, not that something happened.
    if (message.type === '@xstate.actor' || message.event.type === baselineEvent) return;
    const event = message.event.type;
    const result = {
      to,
      ...(status === 'active' ? {} : { end: status }),
      ...(orchestra.routine ? { isRoutine: true } : {}),
    };
    const open = this.#open.get(sessionId);
    const place = open === undefined ? -1 : rows.findLastIndex(({ id }) => id === open);
    const asked = rows[place];
    this.#open.delete(sessionId);
    if (from === to && status === 'active') return;
    if (asked?.event === event) rows[place] = { ...asked, ...result };
    else this.#add(rows, { ...row, event, ...result });
  }

  #add(rows: LogRow[], row: LogRow): void {
    rows.push(row);
    this.#nextId += 1;
  }
}

/** Routine makes room first, then what is oldest. */
function bounded(rows: LogRow[]): LogRow[] {
  if (rows.length <= logCapacity) return rows;
  const oldest = rows.filter(({ isRoutine }) => isRoutine).at(-routineCapacity)?.id ?? 0;
  return rows.filter(({ id, isRoutine }) => !isRoutine || id >= oldest).slice(-logCapacity);
}

/** The rows of a recording. */
export function rowsOfTransitions(transitions: readonly RecordedTransition[]): LogRow[] {
  return transitions.map(({ at, path, event, from, to, status, missing }, id) => ({
    id,
    at,
    path,
    event,
    from: stateText(from),
    to: stateText(to),
    ...(status === 'active' ? {} : { end: status }),
    ...(missing === undefined ? {} : { missing }),
  }));
}

export interface LogFilter {
  /** Only of machines at and below this place; '' is everything. */
  readonly below: string;
  /** Only what changed a state. */
  readonly changesOnly: boolean;
  /** Also what is routine. */
  readonly routine: boolean;
}

/** The rows that a filter lets through. */
export function filterRows(
  rows: readonly LogRow[],
  { below, changesOnly, routine }: LogFilter,
): readonly LogRow[] {
  return rows.filter(
    ({ path, to, isRoutine }) =>
      (routine || !isRoutine) && (!changesOnly || to !== undefined) && isAtOrBelow(path, below),
  );
}

/** Whether `path` is `place` or below it; everything is below the root, ''. */
export function isAtOrBelow(path: string, place: string): boolean {
  return place === '' || path === place || path.startsWith(`${place}/`);
}
