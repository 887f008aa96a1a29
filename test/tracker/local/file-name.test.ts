import { expect, test } from 'vitest';
import { identityOf, isIssueFileName, normalizeId } from '../../../src/tracker/local/file-name.ts';

test.each([
  ['12-some-title.md', { id: '12', number: 12 }],
  ['0012-日本語 title.md', { id: '12', number: 12 }],
  ['12.md', { id: '12', number: 12 }],
  ['000.md', { id: '0', number: 0 }],
  ['fix-login.MD', { id: 'fix-login' }],
  ['12_x.md', { id: '12_x' }],
  ['12 title.md', undefined],
  ['naïve.md', undefined],
  [`${'x'.repeat(101)}.md`, undefined],
])('%j identifies %j', (name, expected) => {
  expect(identityOf(name)).toEqual(expected);
});

test.each([
  ['1-a.md', true],
  ['1-a.MD', true],
  ['README.md', false],
  ['.1-a.md.0c1b.tmp', false],
  ['.#1-a.md', false],
  ['1-a.md~', false],
  ['notes.txt', false],
])('whether %j holds an issue: %j', (name, expected) => {
  expect(isIssueFileName(name)).toBe(expected);
});

test('ids are written in several ways', () => {
  expect([' 0012 ', '#7', 'fix-login', '0'].map(normalizeId)).toEqual(['12', '7', 'fix-login', '0']);
});
