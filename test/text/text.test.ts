import { expect, test } from 'vitest';
import { nearestName } from '../../src/text/nearest-name.ts';
import { oneLine } from '../../src/text/one-line.ts';
import { slug } from '../../src/text/slug.ts';

test.each([
  ['two\nlines\tand\u0000more', 'two lines and more'],
  ['\u001B[31mred\u001B[0m', '[31mred [0m'],
  ['\u009B2J clear', '2J clear'],
  ['abc\u202Etxt.exe', 'abctxt.exe'],
  ['  padded \u2028 ', 'padded'],
  ['family 👨‍👩‍👧 and 日本語', 'family 👨‍👩‍👧 and 日本語'],
  ['half \uD83D of an emoji', 'half \uFFFD of an emoji'],
])('%j is fit for one line as %j', (text, expected) => {
  expect(oneLine(text)).toBe(expected);
});

test.each([
  ['Add a --verbose Flag!', 'add-a-verbose-flag'],
  ['Crème brûlée', 'creme-brulee'],
  ['日本語のタイトル', ''],
  ['直す fix 2', 'fix-2'],
  ['../../etc/passwd', 'etc-passwd'],
  ['$(rm -rf /); `x` #{y}', 'rm-rf-x-y'],
])('%j has the slug %j', (title, expected) => {
  expect(slug(title)).toBe(expected);
});

test('a long slug is cut between words, and inside a word that is itself too long', () => {
  expect(slug('one two three', 9)).toBe('one-two');
  expect(slug('one two three', 7)).toBe('one-two');
  expect(slug('abcdefghij', 4)).toBe('abcd');
});

test.each([
  ['prioirty', 'priority'],
  ['blockedBy', 'blocked_by'],
  ['blocked-by', 'blocked_by'],
  ['Labels', 'labels'],
  ['label', 'labels'],
  ['author', undefined],
  ['due', undefined],
])('%j probably means %j', (typed, expected) => {
  expect(nearestName(typed, ['title', 'priority', 'blocked_by', 'labels', 'type'])).toBe(expected);
});
