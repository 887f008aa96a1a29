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
  /** The command that brings back a child in quarantine. */
  readonly wayOut?: (child: ChildDescription) => string;
}

/** What stands at the top: the root under a name, or a child under its id. */
export interface TreeTop {
  readonly label: string;
  readonly child?: ChildDescription;
  readonly supervisor: SupervisorDescription | null;
  /** Milliseconds; default that of `child`. */
  readonly uptime?: number;
}

interface Row {
  /** The box-drawing lines that lead to it. */
  readonly lead: string;
  readonly label: string;
  readonly child: ChildDescription | undefined;
  readonly supervisor: SupervisorDescription | null;
  readonly uptime?: number;
}

/** A column whose cells stand under its heading. */
interface Column {
  readonly cells: readonly string[];
  readonly width: number;
}

const restartWidth = 'permanent'.length;
const uptimeWidth = '999 ms'.length;
/** What other columns leave to STATE if it needs so much: what a child is at, and the first words of why. */
const roomyState = 36;
/** What long names leave to it. */
const scantState = 16;
/** What is left to names. */
const scantName = 12;

/**
 * A heading, then the top and all that is below it. Where the width does not suffice, RESTART goes first, then UP; only
 * then are names cut, and what is behind them.
 */
export function treeLines(top: TreeTop, options: TreeLinesOptions = {}): string[] {
  const { columns = Number.POSITIVE_INFINITY, symbols = new Map(), now = Date.now(), wayOut } = options;
  const rows = rowsOf({ child: undefined, ...top, lead: '' }, '', symbols);
  const names = ['CHILD', ...rows.map(({ lead, label }) => styleText('dim', lead) + label)];
  const restart = {
    cells: ['RESTART', ...rows.map(({ child }) => child?.restart ?? '')],
    width: restartWidth,
  };
  const up = { cells: ['UP', ...rows.map(uptimeText)], width: uptimeWidth };
  const states = ['STATE', ...rows.map((row) => stateColumn(row, now, wayOut))];
  const widest = widestOf(names);
  const wanted = widest + 1 + Math.min(widestOf(states), roomyState);
  const between = [[restart, up], [up]].find((shown) => wanted + widthOf(shown) <= columns) ?? [];
  const nameWidth = Math.min(widest, Math.max(columns - widthOf(between) - 1 - scantState, scantName));
  const lines = states.map((state, index) => {
    const name = pad(cutTo(names[index] ?? '', nameWidth), nameWidth);
    const cells = between.map(({ cells, width }) => pad(cells[index] ?? '', width));
    return [name, ...cells, state].join(' ').trimEnd();
  });
  return Number.isFinite(columns) ? lines.map((text) => cutTo(text, columns)) : lines;
}

const widestOf = (texts: readonly string[]): number => Math.max(...texts.map((text) => stringWidth(text)));

/** Of columns and the spaces before them. */
const widthOf = (shown: readonly Column[]): number => shown.reduce((sum, { width }) => sum + width + 1, 0);

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
function uptimeText({ child, uptime = child?.uptime ?? undefined }: Row): string {
  return uptime === undefined ? '' : formatDuration(uptime).split(' ').slice(0, 2).join(' ');
}

/** What it is at, then what else a person should know of it. */
function stateColumn({ child, supervisor }: Row, now: number, wayOut: TreeLinesOptions['wayOut']): string {
  const parts = [child ? presentState(child, supervisor, now, wayOut) : (supervisor?.phase ?? '')];
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
  wayOut: TreeLinesOptions['wayOut'],
): string {
  const { state, value, retryIn, quarantine } = child;
  const isPlain = supervisor === null || supervisor.phase === 'running';
  const word = styleText(colours[state], isPlain ? state : supervisor.phase);
  if (quarantine) {
    const since = formatDuration(now - quarantine.at);
    const help = wayOut ? ` (\`${plainText(wayOut(child))}\`)` : '';
    return `${word} for ${since}${help}: ${plainText(quarantine.reason)}`;
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

/** `(restarted 3 times, last 5 s ago: killed)`. */
function pastText({ restarts, lastExit }: ChildDescription, now: number): string {
  const times = restarts === 0 ? '' : restarts === 1 ? 'restarted once' : `restarted ${restarts} times`;
  if (!lastExit) return times && styleText('dim', `(${times})`);
  const since = `${formatDuration(now - lastExit.at)} ago: ${plainText(lastExit.reason)}`;
  const before = restarts === 0 ? 'failed ' : restarts === 1 ? `${times}, ` : `${times}, last `;
  return styleText('dim', `(${before}${since})`);
}
