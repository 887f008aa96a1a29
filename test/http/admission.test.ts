import { beforeEach, expect, test } from 'vitest';
import { Admission } from '../../src/http/admission.ts';

let now = 0;
let admission: Admission;
beforeEach(() => {
  now = 1_000;
  admission = new Admission({ owner: '/state', now: () => now });
});

test('a token is good for one use and leads where it was meant to', () => {
  const token = admission.issue('/#replay?from=x');
  expect(token).toMatch(/^[\w-]{32}$/);
  expect(admission.redeem(token)).toBe('/#replay?from=x');
  expect(admission.redeem(token)).toBeUndefined();
});

test('a token is good for two minutes', () => {
  const [first, second] = [admission.issue('/'), admission.issue('/')];
  now += 119_999;
  expect(admission.redeem(first)).toBe('/');
  now += 1;
  expect(admission.redeem(second)).toBeUndefined();
});

test('a guess is none and uses up no other', () => {
  const token = admission.issue('/');
  for (const guess of ['', 'x', token.slice(1), `${token}x`, 'é'.repeat(32)])
    expect(admission.redeem(guess)).toBeUndefined();
  expect(admission.redeem(token)).toBe('/');
});

test('of many that wait, the newest count', () => {
  const tokens = Array.from({ length: 40 }, () => admission.issue('/'));
  expect(tokens.map((token) => admission.redeem(token) !== undefined)).toEqual([
    ...Array.from({ length: 8 }, () => false),
    ...Array.from({ length: 32 }, () => true),
  ]);
});

test("the cookie is this admission's alone, and its name the owner's", () => {
  const other = new Admission({ owner: '/elsewhere' });
  expect(admission.admits(admission.secret)).toBe(true);
  for (const cookie of [undefined, '', other.secret, `${admission.secret}x`])
    expect(admission.admits(cookie)).toBe(false);
  expect(admission.cookieName).toMatch(/^orchestra-[0-9a-f]{12}$/);
  expect(other.cookieName).not.toBe(admission.cookieName);
  expect(new Admission({ owner: '/state' }).cookieName).toBe(admission.cookieName);
});
