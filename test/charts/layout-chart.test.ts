/** Drawing a chart with everything in it: all of it has a place, within what holds it, and the same one each time. */
import { describe, expect, test } from 'vitest';
import { createMachine } from 'xstate';
import { chartOf } from '../../src/charts/chart.ts';
import { chartSvg } from '../../src/charts/chart-svg.ts';
import { layoutChart } from '../../src/charts/layout-chart.ts';
import type { PlacedChart, Rectangle } from '../../src/charts/placed-chart.ts';
import { overlap, readDrawing } from './drawing.ts';
import { everythingMachine } from './everything.machine.ts';

/** All of them take too long for a test. */
const variants = ['MEDIAN_LAYER', 'HEAD_LAYER'].map((labelLayer) => ({ seed: 1, labelLayer }));

const chart = chartOf(everythingMachine);
const placed = await layoutChart(chart, variants);
const svg = chartSvg(placed);

function boxOf({ states }: PlacedChart, id: string): Rectangle {
  const box = states.get(id);
  if (!box) throw new Error(`${id} has no place`);
  return box;
}

function isWithin(inner: Rectangle, outer: Rectangle): boolean {
  const isWide = inner.x >= outer.x && inner.x + inner.width <= outer.x + outer.width;
  return isWide && inner.y >= outer.y && inner.y + inner.height <= outer.y + outer.height;
}

describe('places', () => {
  test('states within the state they belong to, beside each other', () => {
    for (const { id, parent } of chart.nodes) {
      if (parent === null) continue;
      expect(isWithin(boxOf(placed, id), boxOf(placed, parent)), id).toBe(true);
      const siblings = chart.nodes.filter((other) => other.parent === parent && other.id !== id);
      for (const sibling of siblings)
        expect(overlap(boxOf(placed, id), boxOf(placed, sibling.id))).toBe(false);
    }
  });

  test('an arrow for each target, and a dot for each initial state', () => {
    for (const { id, targets } of chart.edges) expect(placed.arrows.get(id)).toHaveLength(targets.length);
    const outer = chart.nodes.filter(({ initial }) => initial !== undefined).map(({ id }) => id);
    expect([...placed.initials.keys()]).toEqual(outer);
  });

  test('text on arrows clear of each other and of states', () => {
    const { leaves, plates } = readDrawing(svg);
    const boxes = [...leaves, ...plates];
    for (const [index, one] of boxes.entries())
      for (const other of boxes.slice(index + 1)) expect(overlap(one, other)).toBe(false);
  });

  test('an arrow inwards below the text of the state it begins in', () => {
    const [arrow] = placed.arrows.get('everything|reset|0') ?? [];
    expect(arrow?.points[0]?.y).toBeGreaterThan(boxOf(placed, 'everything').y + 28);
  });

  test('the same each time', async () => {
    expect(chartSvg(await layoutChart(chart, variants))).toBe(svg);
  });
});

test('an outer state is as wide as its own text', async () => {
  const machine = createMachine({
    id: 'm',
    initial: 'outer',
    states: { outer: { entry: 'anActionWithAVeryLongNameIndeed', initial: 'a', states: { a: {} } } },
  });
  const { states } = await layoutChart(chartOf(machine), variants);
  expect(states.get('m.outer')?.width).toBeGreaterThan(200);
});

test('names are text, not markup', async () => {
  const machine = createMachine({
    id: 'm',
    description: '</desc><script>',
    initial: 'a"b',
    states: { 'a"b': { on: { '<b>&': '"><script>' } }, '"><script>': {} },
  });
  const drawn = chartSvg(await layoutChart(chartOf(machine), variants));
  expect(drawn).not.toContain('<script');
  expect(drawn).not.toContain('<b>');
  expect(drawn).toContain('data-edge="m.a&#34;b|&#60;b&#62;&#38;|0"');
});
