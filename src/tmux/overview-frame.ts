/** Drawing the overview as terminal output: pure text, from cells to one frame. */
import stringWidth from 'string-width';

export interface FrameCell {
  /** What stands above the cell, such as an agent's name and what it works on. */
  readonly title: string;
  /** The pane's lines from top to bottom; the last that fit are shown. */
  readonly lines: readonly string[];
}

export interface FrameSize {
  readonly columns: number;
  readonly rows: number;
}

/**
 * A whole frame: every position of the screen is written, so nothing needs to be cleared and nothing flickers. Each line
 * is placed by itself: a terminal that thinks otherwise of a character's width shifts that line only.
 */
export function renderFrame(cells: readonly FrameCell[], { columns, rows }: FrameSize): string {
  const across = Math.max(1, Math.ceil(Math.sqrt(cells.length)));
  const down = Math.max(1, Math.ceil(cells.length / across));
  const output = [hideCursor, noWrap];
  for (let index = 0; index < across * down; index += 1) {
    const column = share(columns, across, index % across);
    const row = share(rows, down, Math.floor(index / across));
    const isLast = index % across === across - 1;
    const width = isLast ? column.size : column.size - 1;
    output.push(...renderCell(cells[index], { top: row.start, left: column.start, height: row.size, width }));
    if (!isLast) output.push(...renderRule(column.start + width, row));
  }
  return output.join('');
}

const hideCursor = '\x1b[?25l';
const noWrap = '\x1b[?7l';
const reverse = '\x1b[7m';
const plain = '\x1b[0m';

const at = (row: number, column: number) => `\x1b[${row + 1};${column + 1}H`;

/** The n-th of equal shares of a length; the shares cover it all. */
function share(length: number, shares: number, index: number): { start: number; size: number } {
  const start = Math.floor((length * index) / shares);
  return { start, size: Math.floor((length * (index + 1)) / shares) - start };
}

interface Place {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

function renderCell(cell: FrameCell | undefined, { top, left, height, width }: Place): string[] {
  if (width < 1 || height < 1) return [];
  const lines = lastLines(cell?.lines ?? [], height - 1);
  const title =
    cell === undefined ? toWidth('', width) : `${reverse}${toWidth(` ${cell.title}`, width)}${plain}`;
  const body = Array.from({ length: height - 1 }, (_, row) => toWidth(lines[row] ?? '', width));
  return [title, ...body].map((line, row) => `${at(top + row, left)}${line}`);
}

function renderRule(column: number, row: { start: number; size: number }): string[] {
  return Array.from({ length: row.size }, (_, offset) => `${at(row.start + offset, column)}│`);
}

/** The last lines up to the last that holds anything. */
function lastLines(lines: readonly string[], count: number): readonly string[] {
  const end = lines.findLastIndex((line) => line.trim() !== '') + 1;
  return lines.slice(Math.max(0, end - count), end);
}

/** The text in exactly so many columns, a Japanese character taking two; nothing in it moves the cursor. */
function toWidth(text: string, width: number): string {
  const fitting = cut(text.replace(/\p{Cc}/gu, ' '), width);
  return fitting + ' '.repeat(width - stringWidth(fitting));
}

const graphemes = new Intl.Segmenter();

/** As much of the text as fits. (cli-truncate gives one column too many where a wide character is in the way.) */
function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let fitting = '';
  let left = width;
  for (const { segment } of graphemes.segment(text)) {
    left -= stringWidth(segment);
    if (left < 0) break;
    fitting += segment;
  }
  return fitting;
}
