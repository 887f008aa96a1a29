import { expect, test } from 'vitest';
import { hostNames } from '../../src/http/host-names.ts';

test('the names with the port', () => {
  expect(hostNames(8080)).toEqual(['127.0.0.1:8080', 'localhost:8080']);
});

test('the port of HTTP is left out by browsers', () => {
  expect(hostNames(80)).toEqual(['127.0.0.1:80', 'localhost:80', '127.0.0.1', 'localhost']);
});
