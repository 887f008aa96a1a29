import { expect, test } from 'vitest';
import { blockerProblems } from '../../../src/tracker/local/blockers.ts';
import type { ReadIssue } from '../../../src/tracker/local/read-issue.ts';

/** Issue `id` blocked by these, the n-th of them named at line n. */
function read(id: string, blockedBy: string[], closed = false): ReadIssue {
  const issue = {
    ...{ id, title: id, body: '', labels: [], priority: 2, blockedBy, closed },
    createdAt: '2026-01-01T00:00:00.000Z',
    path: `/${id}.md`,
  };
  return { issue, blockerPositions: blockedBy.map((_, index) => ({ line: index + 1, column: 3 })) };
}

const messages = (issues: ReadIssue[], unreadable: string[] = []) =>
  blockerProblems(issues, new Set(unreadable)).map(({ file, line, message }) => `${file}:${line} ${message}`);

test('a graph without cycles has no problems', () => {
  expect(messages([read('1', ['2', '3']), read('2', ['3']), read('3', [])])).toEqual([]);
});

test('unknown blockers are told apart from unreadable ones', () => {
  expect(messages([read('1', ['2', '9', '8']), read('2', [])], ['8'])).toEqual([
    '/1.md:2 blocked by 9, which is no issue here',
    '/1.md:3 blocked by 8, whose file cannot be read',
  ]);
});

test('cycles are named, each once', () => {
  expect(messages([read('1', ['2']), read('2', ['1']), read('3', ['1', '3'])])).toEqual([
    '/1.md:1 dependency cycle: 1 → 2 → 1',
    '/3.md:2 dependency cycle: 3 → 3',
  ]);
  expect(messages([read('a', ['b']), read('b', ['c']), read('c', ['b'])])).toEqual([
    '/b.md:1 dependency cycle: b → c → b',
  ]);
});

test('a closed issue keeps nobody waiting', () => {
  expect(messages([read('1', ['2']), read('2', ['1'], true)])).toEqual([]);
});

test('a chain of ten thousand is no trouble', () => {
  const chain = Array.from({ length: 10_000 }, (_, index) =>
    read(String(index), [String((index + 1) % 10_000)]),
  );
  expect(blockerProblems(chain, new Set())).toHaveLength(1);
});
