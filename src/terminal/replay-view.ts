/** The picture of one recorded moment: the transition of that moment, and below it where every machine stood. */
import { styleText } from 'node:util';
import stringWidth from 'string-width';
import { stateText } from '../inspection/state-value.ts';
import type { RecordedTransition } from '../journal/journal-page.ts';
import type { Step } from '../journal/standing.ts';
import { clockText, momentText } from './clock-text.ts';
import { cutTo, pad } from './columns.ts';
import { plainText } from './plain-text.ts';
import { gapText } from './transition-line.ts';
import { causeText, moveText, placeText } from './transition-text.ts';

export interface ReplayMoment {
  transition: RecordedTransition;
  /** Counted from 0. */
  index: number;
  length: number;
  /** Where every machine stood: its latest transition, by life. */
  standing: ReadonlyMap<string, Step>;
  playing: boolean;
  /** What else there is to know about the whole, such as that it was cut off. */
  notes: readonly string[];
}

export interface ViewSize {
  columns: number;
  rows: number;
}

/** The widest that fits is shown: the way out is in each. */
const keys = [
  '← → step   PgUp PgDn page   Home End   p play   q quit',
  '← → step   p play   q quit',
  'q quit',
] as const;

/** Below this many lines of states the hints make room. */
const fewestStates = 4;

/** Never larger than `size`. The line that changed is marked, and in sight. */
export function drawReplay(moment: ReplayMoment, size: ViewSize): string[] {
  const { columns, rows } = size;
  const top = [titleLine(moment, columns), '', ...transitionLines(moment.transition), ''];
  const keyLine = keys.find((line) => stringWidth(line) <= columns) ?? '';
  const foot = ['', ...[...moment.notes, keyLine].map((line) => styleText('dim', plainText(line)))];
  const hasFoot = rows - top.length - foot.length >= fewestStates;
  const room = Math.max(rows - top.length - (hasFoot ? foot.length : 0), 0);
  const states = stateLines(moment, columns, room);
  const filled = hasFoot ? [...states, ...Array<string>(room - states.length).fill(''), ...foot] : states;
  return [...top, ...filled].slice(0, rows).map((line) => cutTo(line, columns));
}

function titleLine({ index, length, playing, transition }: ReplayMoment, columns: number): string {
  const place = `${playing ? '▶' : '⏸'} ${index + 1}/${length}`;
  const when = momentText(new Date(transition.at));
  const width = Math.min(columns - place.length - when.length - 4, 30);
  const filled = length <= 1 ? width : Math.round((index / (length - 1)) * width);
  const bar =
    width < 5 ? '' : styleText('green', '█'.repeat(filled)) + styleText('dim', '░'.repeat(width - filled));
  return `${styleText('bold', place)}  ${bar}  ${styleText('dim', when)}`;
}

function transitionLines({ at, path, machine, event, missing, ...move }: RecordedTransition): string[] {
  const when = clockText(new Date(at));
  const lines = [
    `${when}  ${styleText('bold', plainText(placeText(path)))}`,
    `${plainText(machine)}  ${styleText('cyan', plainText(moveText(move)))}`,
    styleText('dim', plainText(causeText(event))),
  ];
  return missing === undefined ? lines : [styleText('yellow', gapText(missing)), ...lines];
}

interface StateLine extends Step {
  /** What its path adds to that of the line it belongs below. */
  label: string;
}

/** As many lines as there is room for, around the one that changed. */
function stateLines({ standing, transition }: ReplayMoment, columns: number, room: number): string[] {
  const lines = treeOrder(standing.values());
  const changed = lines.findIndex(({ life }) => life === transition.life);
  const begin = Math.min(Math.max(changed - Math.floor(room / 2), 0), Math.max(lines.length - room, 0));
  const labelWidth = Math.min(
    Math.max(...lines.map(({ label }) => stringWidth(label)), 0),
    Math.floor(columns / 2),
  );
  return lines.slice(begin, begin + room).map((line) => {
    const isChanged = line.life === transition.life;
    const ended = line.status === 'active' ? '' : ` (${line.status})`;
    const text = `${pad(line.label, labelWidth)}  ${plainText(stateText(line.to) + ended)}`;
    const marked = `${isChanged ? '▸' : ' '} ${cutTo(text, columns - 2)}`;
    return isChanged ? styleText('inverse', marked) : marked;
  });
}

/** Everyone below the nearest one above it that is there, in the order of the paths. */
function treeOrder(steps: Iterable<Step>): StateLine[] {
  const sorted = [...steps]
    .map((step) => ({ ...step, ids: idsOf(step.path) }))
    .sort((a, b) => compareIds(a.ids, b.ids));
  const above: string[][] = [];
  return sorted.map(({ ids, ...line }) => {
    while (above.length > 0 && !isBelow(ids, above.at(-1) ?? [])) above.pop();
    const own = ids.slice(above.at(-1)?.length ?? 0).join('/');
    const label = '  '.repeat(above.length) + plainText(own === '' ? placeText(line.path) : own);
    above.push(ids);
    return { ...line, label };
  });
}

const idsOf = (path: string): string[] => (path === '' ? [] : path.split('/'));

const isBelow = (ids: readonly string[], above: readonly string[]): boolean =>
  ids.length > above.length && above.every((id, depth) => ids[depth] === id);

function compareIds(a: readonly string[], b: readonly string[]): number {
  for (const [depth, id] of a.entries()) {
    const other = b[depth];
    if (other === undefined) return 1;
    if (id !== other) return id < other ? -1 : 1;
  }
  return a.length - b.length;
}
