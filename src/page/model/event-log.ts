/** The log of events: one row for each event a machine took, and the state it led to. Bounded. Pure. */
import type { Transition } from '../../inspection/transition.ts';
import { baselineEvent, type WireEvent } from '../../inspection/wire-event.ts';
import { isShown } from './live-state.ts';
import { stateText } from './state-text.ts';

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
}

/** How many rows are kept. */
export const logCapacity = 5_000;

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
    this.#rows = rows.slice(-logCapacity);
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
    const to = stateText(value);
    if (status === 'active') this.#states.set(sessionId, to);
    else this.#states.delete(sessionId);
    // Registrations and baselines tell where a machine stands, not that something happened.
    if (message.type === '@xstate.actor' || message.event.type === baselineEvent) return;
    const event = message.event.type;
    const result = { to, ...(status === 'active' ? {} : { end: status }) };
    const place = (this.#open.get(sessionId) ?? Number.NaN) - (rows[0]?.id ?? 0);
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

/** The rows of a recording. */
export function rowsOfTransitions(transitions: readonly Transition[]): LogRow[] {
  return transitions.map(({ at, path, event, from, to, status }, id) => ({
    id,
    at,
    path,
    event,
    from: stateText(from),
    to: stateText(to),
    ...(status === 'active' ? {} : { end: status }),
  }));
}

export interface LogFilter {
  /** Only of machines at and below this place; '' is everything. */
  readonly below: string;
  /** Only what changed a state. */
  readonly changesOnly: boolean;
}

/** The rows that a filter lets through. */
export function filterRows(rows: readonly LogRow[], { below, changesOnly }: LogFilter): readonly LogRow[] {
  if (below === '' && !changesOnly) return rows;
  return rows.filter(({ path, to }) => (!changesOnly || to !== undefined) && isAtOrBelow(path, below));
}

/** Whether `path` is `place` or below it; everything is below the root, ''. */
export function isAtOrBelow(path: string, place: string): boolean {
  return place === '' || path === place || path.startsWith(`${place}/`);
}
