import { expect, test } from 'vitest';
import { readIssue } from '../../../src/tracker/local/read-issue.ts';
import { Issue } from '../../../src/tracker/tracker.ts';

const source = { path: '/issues/12-x.md', id: '12', number: 12, bornAt: '2026-01-01T00:00:00.000Z' };

/** The problems as `line:column message`. */
function problemsIn(text: string): string[] {
  const result = readIssue(text, source);
  if (!Array.isArray(result)) throw new Error('it is an issue after all');
  expect(result.every((problem) => problem.file === source.path && problem.remedy)).toBe(true);
  return result.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

function issueIn(text: string): Issue {
  const result = readIssue(text, source);
  if (Array.isArray(result)) throw new Error(JSON.stringify(result));
  return Issue.parse(result.issue);
}

test('every key, a body and comments', () => {
  const text = `---
# who needs it: everybody
title: "Say \\"hi\\": 日本語"
type: feature
priority: 0
labels: [bug, "needs: care", bug]
blocked_by:
  - 3
  - 0007 # an old habit
  - "#8"
  - fix-login
created: 2026-11-02
deadline: 2026-12-24
milestone: ours to ignore
---

    indented first line

Last line $(x) {{ y }}

<!-- orchestra:comments -->
not the body
`;
  expect(issueIn(text)).toEqual({
    id: '12',
    number: 12,
    title: 'Say "hi": 日本語',
    body: '    indented first line\n\nLast line $(x) {{ y }}',
    labels: ['bug', 'needs: care'],
    type: 'feature',
    priority: 0,
    blockedBy: ['3', '7', '8', 'fix-login'],
    createdAt: '2026-11-02T00:00:00.000Z',
    deadline: '2026-12-24T23:59:59.999Z',
    closed: false,
    path: source.path,
  });
});

test('a title is all it takes', () => {
  expect(issueIn('---\ntitle: 1.10\n---')).toEqual({
    id: '12',
    number: 12,
    title: '1.10',
    body: '',
    labels: [],
    priority: 2,
    blockedBy: [],
    createdAt: source.bornAt,
    closed: false,
    path: source.path,
  });
});

test('Windows line endings, a byte order mark and empty keys are no mistakes', () => {
  const issue = issueIn('\uFEFF---\r\ntitle: x\r\nlabels:\r\nblocked_by:\r\ntype:\r\n---\r\n\r\nbody\r\n');
  expect(issue).toMatchObject({ title: 'x', labels: [], blockedBy: [], body: 'body' });
});

test('one word stands for a list of one', () => {
  expect(issueIn('---\ntitle: x\nlabels: bug\nblocked_by: 3\n---')).toMatchObject({
    labels: ['bug'],
    blockedBy: ['3'],
  });
});

test.each(['closed: true', 'labels: [status:done]', 'labels: [a, Closed]'])('closed by %j', (line) => {
  expect(issueIn(`---\ntitle: x\n${line}\n---`).closed).toBe(true);
});

test('control characters do not survive in a title, and stay in a body', () => {
  const issue = issueIn('---\ntitle: "a\\e[2Jb\\nc"\n---\n\u001B[2J');
  expect(issue.title).toBe('a [2Jb c');
  expect(issue.body).toBe('\u001B[2J');
});

test.each([
  ['', '1:1 the file does not begin with front matter between two `---` lines'],
  ['# A title\n', '1:1 the file does not begin with front matter between two `---` lines'],
  ['---\ntitle: x\n', '1:1 the file does not begin with front matter between two `---` lines'],
  ['---\n---\n', '2:1 the front matter is not a list of `key: value` lines'],
  ['---\npriority: 1\n---\n', '2:1 title is missing'],
  ['---\ntitle:\n---\n', '2:7 title is empty'],
  ['---\ntitle: [a]\n---\n', '2:8 title is not text'],
  ['---\ntitle: x\n\npriority: high\n---\n', '4:11 priority is not a number from 0 to 4'],
  ['---\ntitle: x\nlabels:\n  - a\n  - {b: c}\n---\n', '5:5 labels.1 is not text'],
  ['---\ntitle: x\nlabels: {a: b}\n---\n', '3:9 labels is not a list of labels'],
  ['---\ntitle: x\nblocked_by: [1, ../2]\n---\n', '3:17 blocked_by.1 is not an issue id'],
  ['---\ntitle: x\nblocked_by:\n  - #3\n---\n', '4:5 blocked_by.0 is not an issue id'],
  ['---\ntitle: x\ncreated: yesterday\n---\n', '3:10 created is not a date'],
  ['---\ntitle: x\ndeadline: 2026-02-31x\n---\n', '3:11 deadline is not a date'],
  ['---\ntitle: x\nclosed: maybe\n---\n', '3:9 closed is neither true nor false'],
  ['---\ntitle: x\nblockedBy: [1]\n---\n', '3:12 unknown key blockedBy'],
])('%j: %s', (text, expected) => {
  expect(problemsIn(text)).toEqual([expected]);
});

test('YAML that is none says where', () => {
  const [problem] = problemsIn('---\ntitle: fix: the thing\n---\n');
  expect(problem).toMatch(/^2:8 Nested mappings are not allowed/);
  expect(problemsIn('---\ntitle: x\ntitle: y\n---\n')).toEqual(['3:1 Map keys must be unique']);
});

test('all mistakes of a file are told at once', () => {
  expect(problemsIn('---\npriority: 9\nclosed: 1\nlabel: x\n---\n')).toHaveLength(4);
});

test('aliases that expand without end are refused', () => {
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'];
  for (const [name, previous] of ['ba', 'cb', 'dc', 'ed', 'fe']) {
    bomb.push(`${name}: &${name} [${`*${previous},`.repeat(9)}]`);
  }
  expect(problemsIn(`---\ntitle: x\n${bomb.join('\n')}\n---\n`)[0]).toMatch(/alias/i);
});
