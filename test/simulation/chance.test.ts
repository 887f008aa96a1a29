import { expect, test } from 'vitest';
import { arrivalsOfDay } from './arrivals.ts';
import { Chance } from './chance.ts';

const many = 20_000;
const draw = (make: (chance: Chance) => number): number[] => {
  const chance = new Chance(1, 'test');
  return Array.from({ length: many }, () => make(chance));
};
const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

test('the same seed and name make the same numbers, others make others', () => {
  const first = (seed: number, name: string) => new Chance(seed, name).next();
  expect(first(1, 'a')).toBe(first(1, 'a'));
  expect(first(1, 'a')).not.toBe(first(2, 'a'));
  expect(first(1, 'a')).not.toBe(first(1, 'b'));
});

test('the distributions have the means that are asked for', () => {
  expect(mean(draw((chance) => chance.next()))).toBeCloseTo(0.5, 1);
  expect(mean(draw((chance) => chance.exponential(10))) / 10).toBeCloseTo(1, 1);
  expect(mean(draw((chance) => chance.logNormal(10, 0.8))) / 10).toBeCloseTo(1, 1);
  expect(mean(draw((chance) => chance.weighted([1, 0, 3])))).toBeCloseTo(1.5, 1);
});

test('issues come as many as are asked for on average, in order, on days that differ much', () => {
  const chance = new Chance(1, 'arrivals');
  const days = Array.from({ length: 2_000 }, () => arrivalsOfDay(chance, 50));
  const counts = days.map((times) => times.length);
  expect(mean(counts) / 50).toBeCloseTo(1, 1);
  expect(Math.max(...counts)).toBeGreaterThan(300);
  expect(Math.min(...counts)).toBe(0);
  expect(days.every((times) => times.every((time, index) => time >= (times[index - 1] ?? 0)))).toBe(true);
});

test('ids look like those of crypto.randomUUID', () => {
  const chance = new Chance(1, 'ids');
  expect(chance.uuid()).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/);
  expect(chance.uuid()).not.toBe(chance.uuid());
});
