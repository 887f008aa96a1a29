/** Tables: columns stand under each other for whoever sees them, Japanese included, and cells cannot act on a terminal. */
import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { formatTable } from '../../src/terminal/table.ts';

test('columns stand under each other where Japanese takes two places', () => {
  const lines = formatTable(
    ['NAME', 'TITLE', 'STATE'],
    [
      ['kaede', 'カエデ', 'idle'],
      ['sakura', 'x', 'working'],
    ],
  ).split('\n');
  const columns = [/STATE/, /idle/, /working/].map((word, index) =>
    stringWidth(lines[index]?.slice(0, lines[index].search(word)) ?? ''),
  );
  expect(new Set(columns).size).toBe(1);
  expect(lines).toHaveLength(3);
});

test('no lines, no colours, no trailing spaces', () => {
  const text = formatTable(
    ['A', 'B'],
    [
      ['1', ''],
      ['2', 'x'],
    ],
  );
  for (const line of text.split('\n')) expect(line).not.toMatch(/[\p{Cc}│─┼]| $/u);
  expect(text.split('\n').map((line) => line.split(/\s+/))).toEqual([['A', 'B'], ['1'], ['2', 'x']]);
});

test('without rows the headings stand alone', () => {
  expect(formatTable(['A', 'B'], [])).toMatch(/^A\s+B$/);
});

test('one line a row without control characters, whatever is in the cells', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), {
        minLength: 1,
        maxLength: 5,
      }),
      (rows) => {
        const lines = formatTable(['A', 'B'], rows).split('\n');
        expect(lines).toHaveLength(rows.length + 1);
        for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      },
    ),
  );
});

const tasks = [
  ['kaede', 'idle', 'a sentence that goes on for a while and ends here'],
  ['sakura', 'working', '二つ目'],
];
const drawn = (columns: number) => formatTable(['AGENT', 'STATE', 'TASK'], tasks, columns).split('\n');

test('where it is too wide, the last column is wrapped between words', () => {
  expect(drawn(40)).toEqual([
    'AGENT   STATE    TASK',
    'kaede   idle     a sentence that goes on',
    '                 for a while and ends',
    '                 here',
    'sakura  working  二つ目',
  ]);
});

test('where there is no room for that either, lines are cut', () => {
  expect(drawn(22)).toEqual(['AGENT   STATE    TASK', 'kaede   idle     a se…', 'sakura  working  二つ…']);
});

test('never wider than asked for', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'b ', 'カ', '🎹'), maxLength: 30 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell, fc.lorem()), { maxLength: 4 }),
      fc.integer({ min: 2, max: 90 }),
      (rows, columns) => {
        for (const line of formatTable(['A', 'B', 'C'], rows, columns).split('\n'))
          expect(stringWidth(line)).toBeLessThanOrEqual(columns);
      },
    ),
  );
});
