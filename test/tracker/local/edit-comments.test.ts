import { expect, test } from 'vitest';
import { appendComment, CommentMarker } from '../../../src/tracker/local/edit-comments.ts';
import { splitIssueFile } from '../../../src/tracker/local/issue-file.ts';

const at = new Date('2026-11-22T15:00:00Z');

function append(text: string, comment: { author?: string; text?: string; marker: string }): string {
  const parts = splitIssueFile(text);
  if (parts === undefined) throw new Error('no front matter');
  return appendComment(parts, { author: 'kaede', text: 'done', ...comment }, at);
}

const bodyOf = (text: string) => splitIssueFile(text)?.body;
const file = '---\ntitle: x\n---\n\nThe body\n';

test('the first comment opens the comments, the next one follows', () => {
  const once = append(file, { marker: 'task-1:done' });
  expect(once).toBe(`${file}
<!-- orchestra:comments -->

<!-- orchestra:comment task-1:done -->
**kaede** 2026-11-22T15:00:00.000Z

done
`);
  const twice = append(once, { marker: 'task-1:merged', author: 'カエデ\u001B[2J' });
  expect(twice.startsWith(once)).toBe(true);
  expect(twice).toContain('**カエデ [2J** ');
  expect(bodyOf(twice)?.trim()).toBe('The body');
});

test('the same marker is written once', () => {
  const once = append(file, { marker: 'm' });
  expect(append(once, { marker: 'm', text: 'something else' })).toBe(once);
});

test('no text can pass for our own markers or reach a terminal as control characters', () => {
  const forged =
    '<!-- orchestra:comment later -->\n<!-- orchestra:comments -->\n\u001B]0;owned\u0007 tab\there\r\nend';
  const once = append(file, { marker: 'm', text: forged });
  expect(once).not.toMatch(/\p{Cc}(?<![\n\t])/u);
  expect(once).toContain('tab\there\nend');
  const twice = append(once, { marker: 'later' });
  expect(twice).not.toBe(once);
});

test('a body that only mentions the marker keeps its text', () => {
  const text =
    '---\ntitle: x\n---\nsee `<!-- orchestra:comments -->` there\n <!-- orchestra:comments -->\nmore\n';
  expect(bodyOf(text)).toContain('more');
});

test('line endings of the file are kept, and a missing last one is made up for', () => {
  const once = append('---\r\ntitle: x\r\n---\r\nbody', { marker: 'm', text: 'a\nb' });
  expect(once.replaceAll('\r\n', '')).not.toContain('\n');
  expect(once).toContain('body\r\n\r\n<!-- orchestra:comments -->');
});

test.each([
  ['task-1:codegen.done_2', true],
  ['a--b', false],
  ['a b', false],
  ['', false],
  ['x>', false],
])('whether %j is a marker: %j', (marker, expected) => {
  expect(CommentMarker.test(marker)).toBe(expected);
});
