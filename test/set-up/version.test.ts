import { expect, test } from 'vitest';
import { compareVersions, isAtLeast, parseVersion } from '../../src/setup/version.mjs';

test.each([
  ['tmux 3.3a', '3.3.0'],
  ['tmux next-3.6', '3.6.0'],
  ['git version 2.39.5 (Apple Git-154)', '2.39.5'],
  ['nats-server: v2.15.1', '2.15.1'],
  ['nats-server: v2.14.0-RC.1', '2.14.0'],
  ['tmux master', undefined],
  ['', undefined],
])('%j is version %s', (text, version) => {
  expect(parseVersion(text)).toBe(version);
});

test('versions are ordered by number, not by letter', () => {
  expect(['2.10.23', '2.9.10', '2.10.3', '10.0.0'].sort(compareVersions)).toEqual([
    '2.9.10',
    '2.10.3',
    '2.10.23',
    '10.0.0',
  ]);
});

test('a floor lets itself in', () => {
  expect(isAtLeast('2.10.23', '2.10.23')).toBe(true);
  expect(isAtLeast('2.10.22', '2.10.23')).toBe(false);
});
