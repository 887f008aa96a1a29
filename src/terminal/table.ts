/** Lists for people: columns without lines, as wide as the terminal, right for Japanese. */
import Table from 'cli-table3';
import stringWidth from 'string-width';
import { cutTo } from './columns.ts';
import { plainText } from './plain-text.ts';

const bare = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** With fewer columns than this a text is no longer read but spelled. */
const narrowest = 16;

/**
 * The rows under their headings; cells are data and lose their control characters.
 * @param columns how wide it may get: the last column is wrapped between words; where there is no room for that either,
 *   the lines are cut, which `…` shows. Without, every row is one line.
 */
export function formatTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  columns?: number,
): string {
  const cells = rows.map((row) => row.map(plainText));
  const room = columns === undefined ? undefined : columns - widthBeforeLast([headings, ...cells]);
  const table = new Table({
    head: [...headings],
    chars: bare,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    ...(room !== undefined &&
      room >= narrowest && { colWidths: [...headings.slice(1).map(() => null), room], wordWrap: true }),
  });
  for (const row of cells) table.push(row);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .map((line) => (columns === undefined ? line : cutTo(line, columns)))
    .join('\n');
}

function widthBeforeLast(rows: readonly (readonly string[])[]): number {
  const widths = (rows[0] ?? [])
    .slice(0, -1)
    .map((_, column) => Math.max(...rows.map((row) => stringWidth(row[column] ?? ''))));
  return widths.reduce((sum, width) => sum + width + bare.middle.length, 0);
}
