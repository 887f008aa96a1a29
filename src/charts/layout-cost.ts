/** How hard a layout is to read: the measure by which one is chosen. */
import type { PlacedChart, Point } from './placed-chart.ts';

/** In pixels: what a page shows without making it smaller. */
const pageWidth = 900;

/** What a crossing and a corner cost, in pixels of arrow. */
const crossingCost = 150;
const cornerCost = 30;
/** What a pixel costs that does not fit on the page. */
const overflowCost = 5;

interface Line {
  readonly from: Point;
  readonly to: Point;
}

/** Less is better. */
export function layoutCost({ width, height, arrows }: PlacedChart): number {
  const paths = [...arrows.values()].flat().map(({ points }) => linesOf(points));
  const lines = paths.flat();
  const length = lines.reduce((sum, { from, to }) => sum + Math.hypot(to.x - from.x, to.y - from.y), 0);
  const corners = lines.length - paths.length;
  const overflow = Math.max(0, width - pageWidth);
  return length + height + corners * cornerCost + crossings(lines) * crossingCost + overflow * overflowCost;
}

function linesOf(points: readonly Point[]): Line[] {
  return points.slice(1).flatMap((to, index) => {
    const from = points[index];
    return from ? [{ from, to }] : [];
  });
}

/** All lines are level or upright. */
function crossings(lines: readonly Line[]): number {
  const level = lines.filter(({ from, to }) => from.y === to.y);
  const upright = lines.filter(({ from, to }) => from.x === to.x);
  return level.reduce((sum, line) => sum + upright.filter((other) => cross(line, other)).length, 0);
}

function cross(level: Line, upright: Line): boolean {
  return (
    isBetween(upright.from.x, level.from.x, level.to.x) &&
    isBetween(level.from.y, upright.from.y, upright.to.y)
  );
}

function isBetween(value: number, one: number, other: number): boolean {
  return value > Math.min(one, other) && value < Math.max(one, other);
}
