import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editLabels } from '../../../src/tracker/local/edit-labels.ts';
import { splitIssueFile } from '../../../src/tracker/local/issue-file.ts';
import { readIssue } from '../../../src/tracker/local/read-issue.ts';

const source = { path: '/x.md', id: 'x', bornAt: '2026-01-01T00:00:00.000Z' };

function edit(text: string, add: string[], remove: string[]): string | undefined {
  const parts = splitIssueFile(text);
  if (parts === undefined) throw new Error('no front matter');
  return editLabels(parts, { add, remove });
}

const around = (labels: string, eol = '\n') =>
  [
    '---',
    '# top',
    "title:   'odd   spacing'  # why",
    labels,
    '# between',
    'milestone: {a:   1}',
    '---',
    'labels: [x]',
  ]
    .join('\n')
    .replaceAll('\n', eol);

test.each([
  ['labels: [a, b]', 'labels: [a, c]'],
  ['labels: [ a, b ] # kept', 'labels: [ a, c ] # kept'],
  ['labels:\n- a # one\n- b # goes\n# tail', 'labels:\n- a # one\n- c\n# tail'],
  ['labels:\n    - a\n    # two\n    - b', 'labels:\n  - a\n  # two\n  - c'],
  ['labels: ["a", \'b\']', 'labels: ["a", c]'],
  ['labels: [a, a, b]', 'labels: [a, c]'],
])('%j becomes %j, everything else stays as it was', (before, after) => {
  expect(edit(around(before), ['c'], ['b', 'unknown'])).toBe(around(after));
  expect(edit(around(before, '\r\n'), ['c'], ['b'])).toBe(around(after, '\r\n'));
});

test.each([
  ['labels:', 'labels: [c]'],
  ['labels: # none yet', 'labels: [c] # none yet'],
  ['labels: b', 'labels: [b, c]'],
  ['labels: []', 'labels: [c]'],
])('an empty or short form %j becomes %j', (before, after) => {
  expect(edit(around(before), ['c'], [])).toBe(around(after));
});

test('the last label leaves an empty list', () => {
  expect(edit(around('labels:\n  - b'), [], ['b'])).toBe(around('labels: []'));
  expect(edit(around('labels: [b]'), [], ['b'])).toBe(around('labels: []'));
  expect(edit(around('labels:\n  # why\n  - b'), [], ['b'])).toBe(around('labels:\n  # why\n  []'));
});

test('the key is added at the end where it is missing', () => {
  expect(edit('---\ntitle: x\n---\nbody', ['status:todo', 'a, b'], [])).toBe(
    '---\ntitle: x\nlabels: [status:todo, "a, b"]\n---\nbody',
  );
});

test.each(['labels:   [a,   b]', 'labels: [ a,a ]', 'labels:\n-   a'])(
  'nothing to do leaves %j as it is',
  (labels) => {
    expect(edit(around(labels), ['a'], ['z'])).toBe(around(labels));
  },
);

test.each(['{title: x, labels: [a]}\n', 'base: &l [a]\ntitle: x\nlabels: *l\n'])(
  '%j is left alone',
  (yaml) => {
    expect(edit(`---\n${yaml}---\n`, ['c'], [])).toBeUndefined();
  },
);

test('whatever the labels are, they read back, and the rest of the file is byte for byte the same', {
  timeout: 300_000,
}, () => {
  const label = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 12 })
    .filter((text) => /^[^\p{Cc}\p{Cs}]+$/u.test(text));
  const body = fc.string({ unit: 'binary' }).map((text) => text.replace(/\p{Cs}/gu, ''));
  fc.assert(
    fc.property(
      fc.uniqueArray(label, { maxLength: 4 }),
      fc.uniqueArray(label, { maxLength: 4 }),
      body,
      (first, second, text) => {
        const start = `---\ntitle: x # y\nz:  1\n---\n`;
        const once = edit(start + text, first, []) ?? '';
        const twice = edit(once, second, first) ?? '';
        const read = readIssue(twice, source);
        expect(Array.isArray(read) ? read : read.issue.labels).toEqual(second);
        expect(twice.startsWith('---\ntitle: x # y\nz:  1\n')).toBe(true);
        expect(twice.endsWith(`---\n${text}`)).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
