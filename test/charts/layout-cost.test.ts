/** Which of two layouts is easier to read. */
import { expect, test } from 'vitest';
import { chartOf } from '../../src/charts/chart.ts';
import { layoutCost } from '../../src/charts/layout-cost.ts';
import type { PlacedChart, Point } from '../../src/charts/placed-chart.ts';
import { everythingMachine } from './everything.machine.ts';

function placed(paths: readonly Point[][], width = 100): PlacedChart {
  return {
    chart: chartOf(everythingMachine),
    width,
    height: 100,
    states: new Map(),
    arrows: new Map(paths.map((points, index) => [`${index}`, [{ points }]])),
    initials: new Map(),
  };
}

const at = (x: number, y: number): Point => ({ x, y });
const level = [at(0, 50), at(100, 50)];
const straight = layoutCost(placed([level, [at(20, 0), at(20, 40)]]));

test.each([
  ['longer', placed([level, [at(20, 0), at(20, 45)]])],
  ['more crooked', placed([level, [at(20, 0), at(20, 20), at(40, 20)]])],
  ['crossing', placed([level, [at(20, 20), at(20, 60)]])],
  ['wider than a page', placed([level, [at(20, 0), at(20, 40)]], 901)],
])('%s costs more', (_, worse) => {
  expect(layoutCost(worse)).toBeGreaterThan(straight);
});

test('width costs nothing as long as it fits on a page', () => {
  expect(layoutCost(placed([level, [at(20, 0), at(20, 40)]], 900))).toBe(straight);
});

test('arrows that meet do not cross', () => {
  expect(layoutCost(placed([level, [at(20, 10), at(20, 50)]]))).toBe(straight);
});
