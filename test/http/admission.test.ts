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
  expect(admission.redeem(token)?.landing).toBe('/#replay?from=x');
  expect(admission.redeem(token)).toBeUndefined();
});

test('a token is good for two minutes', () => {
  const [first, second] = [admission.issue('/'), admission.issue('/')];
  now += 119_999;
  expect(admission.redeem(first)?.landing).toBe('/');
  now += 1;
  expect(admission.redeem(second)).toBeUndefined();
});

test('a guess is none and uses up no other', () => {
  const token = admission.issue('/');
  for (const guess of ['', 'x', token.slice(1), `${token}x`, 'é'.repeat(32)])
    expect(admission.redeem(guess)).toBeUndefined();
  expect(admission.redeem(token)?.landing).toBe('/');
});

test('of many that wait, the newest count', () => {
  const tokens = Array.from({ length: 40 }, () => admission.issue('/'));
  expect(tokens.map((token) => admission.redeem(token) !== undefined)).toEqual([
    ...Array.from({ length: 8 }, () => false),
    ...Array.from({ length: 32 }, () => true),
  ]);
});

const enter = () => admission.redeem(admission.issue('/'))?.secret ?? '';
const day = 24 * 60 * 60_000;

test("each browser has a secret of its own, which is this admission's alone", () => {
  const other = new Admission({ owner: '/elsewhere' });
  const foreign = other.redeem(other.issue('/'))?.secret ?? '';
  const [first, second] = [enter(), enter()];
  expect(first).not.toBe(second);
  expect([first, second].map((secret) => admission.admits(secret))).toEqual([true, true]);
  for (const guess of ['', foreign, `${first}x`]) expect(admission.admits(guess)).toBe(false);
});

test('a secret holds for a day after it was last used', () => {
  const [used, unused] = [enter(), enter()];
  now += day - 1;
  expect(admission.admits(used)).toBe(true);
  now += 1;
  expect([used, unused].map((secret) => admission.admits(secret))).toEqual([true, false]);
  now += day;
  expect(admission.admits(used)).toBe(false);
});

test('of many browsers, those are forgotten that came longest ago', () => {
  const [first, second] = [enter(), enter()];
  for (let count = 0; count < 62; count += 1) enter();
  expect(admission.admits(first)).toBe(true);
  enter();
  expect([first, second].map((secret) => admission.admits(secret))).toEqual([true, false]);
});

test("the cookie's name is the owner's", () => {
  const nameOf = (owner: string) => new Admission({ owner }).cookieName;
  expect(nameOf('/state')).toMatch(/^orchestra-[0-9a-f]{12}$/);
  expect(nameOf('/state')).toBe(admission.cookieName);
  expect(nameOf('/elsewhere')).not.toBe(admission.cookieName);
});
