/** The supervision tree as people read it: a line a child, with box-drawing lines, as wide as the terminal allows. */
import { styleText } from 'node:util';
import stringWidth from 'string-width';
import { formatDuration } from '../config/duration.ts';
import { stateText } from '../inspection/state-value.ts';
import type { ChildDescription, SupervisorDescription } from '../supervision/tree-description.ts';
import { cutTo, pad } from './columns.ts';
import { plainText } from './plain-text.ts';

export interface TreeLinesOptions {
  /** How wide a line may be; without, nothing is cut. */
  readonly columns?: number | undefined;
  /** Shown behind the ids of children, by id. */
  readonly symbols?: ReadonlyMap<string, string>;
  /** Milliseconds since the epoch. */
  readonly now?: number;
}

/** What stands at the top: the root under a name, or a child under its id. */
export interface TreeTop {
  readonly label: string;
  readonly child?: ChildDescription;
  readonly supervisor: SupervisorDescription | null;
}

interface Row {
  /** The box-drawing lines that lead to it. */
  readonly lead: string;
  readonly label: string;
  readonly child: ChildDescription | undefined;
  readonly supervisor: SupervisorDescription | null;
}

const restartWidth = 'permanent'.length;
const uptimeWidth = '999 ms'.length;
/** What the other columns leave to the names at least. */
const stateWidth = 36;

/** A heading, then the top and all that is below it. */
export function treeLines(top: TreeTop, options: TreeLinesOptions = {}): string[] {
  const { columns, symbols = new Map(), now = Date.now() } = options;
  const rows = rowsOf({ child: undefined, ...top, lead: '' }, '', symbols);
  const widest = Math.max(...rows.map(({ lead, label }) => stringWidth(lead + label)));
  const others = restartWidth + uptimeWidth + 3;
  const nameWidth =
    columns === undefined ? widest : Math.min(widest, Math.max(columns - others - stateWidth, 12));
  const line = (name: string, restart: string, uptime: string, state: string): string =>
    `${pad(cutTo(name, nameWidth), nameWidth)} ${pad(restart, restartWidth)} ${pad(uptime, uptimeWidth)} ${state}`.trimEnd();
  const lines = [
    line('CHILD', 'RESTART', 'UP', 'STATE'),
    ...rows.map(({ lead, label, child, supervisor }) =>
      line(
        styleText('dim', lead) + label,
        child?.restart ?? '',
        uptimeText(child?.uptime ?? null),
        stateColumn(child, supervisor, now),
      ),
    ),
  ];
  return columns === undefined ? lines : lines.map((text) => cutTo(text, columns));
}

function rowsOf(row: Row, indent: string, symbols: ReadonlyMap<string, string>): Row[] {
  const children = row.supervisor?.children ?? [];
  const below = children.flatMap((child, index) => {
    const isLast = index === children.length - 1;
    const label = plainText(`${child.id} ${symbols.get(child.id) ?? ''}`).trim();
    const lead = `${indent}${isLast ? '└─ ' : '├─ '}`;
    return rowsOf(
      { lead, label, child, supervisor: child.supervisor },
      `${indent}${isLast ? '   ' : '│  '}`,
      symbols,
    );
  });
  return [row, ...below];
}

/** Its largest unit only: `12 s`, `3 min`, `2 h`. */
function uptimeText(milliseconds: number | null): string {
  return milliseconds === null ? '' : formatDuration(milliseconds).split(' ').slice(0, 2).join(' ');
}

/** What it is at, then what else a person should know of it. */
function stateColumn(
  child: ChildDescription | undefined,
  supervisor: SupervisorDescription | null,
  now: number,
): string {
  const parts = [child ? presentState(child, supervisor, now) : (supervisor?.phase ?? '')];
  if (supervisor) parts.push(supervisionText(supervisor));
  if (child?.killFailed) parts.push(styleText('red', `kill failed: ${plainText(child.killFailed.reason)}`));
  if (child && child.state !== 'quarantined') parts.push(pastText(child, now));
  return parts.filter((part) => part !== '').join(' ');
}

const colours = {
  running: 'green',
  starting: 'yellow',
  stopping: 'yellow',
  restarting: 'yellow',
  undefined: 'dim',
  quarantined: 'red',
} as const;

function presentState(
  child: ChildDescription,
  supervisor: SupervisorDescription | null,
  now: number,
): string {
  const { state, value, retryIn, quarantine } = child;
  const isPlain = supervisor === null || supervisor.phase === 'running';
  const word = styleText(colours[state], isPlain ? state : supervisor.phase);
  if (quarantine) {
    const since = formatDuration(now - quarantine.at);
    return `${word} for ${since}: ${plainText(quarantine.reason)}`;
  }
  if (state === 'restarting')
    return retryIn === null ? word : `${word}, next try in ${formatDuration(retryIn)}`;
  return supervisor || value === null ? word : `${word} ${stateText(value)}`;
}

function supervisionText({
  strategy,
  restarts,
  intensity,
  period,
  maxChildren,
  children,
}: SupervisorDescription) {
  const count = `${restarts}/${intensity} in ${period} s`;
  const limit = maxChildren === null ? '' : `, ${children.length}/${maxChildren} children`;
  return `${strategy} ${restarts > 0 ? styleText('yellow', count) : count}${limit}`;
}

function pastText({ restarts, lastExit }: ChildDescription, now: number): string {
  const parts = restarts === 0 ? [] : [restarts === 1 ? '1 restart' : `${restarts} restarts`];
  if (lastExit) parts.push(`last ${formatDuration(now - lastExit.at)} ago: ${plainText(lastExit.reason)}`);
  return parts.length === 0 ? '' : styleText('dim', `(${parts.join(', ')})`);
}
