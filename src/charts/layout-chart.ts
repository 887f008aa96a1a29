/** Finds a place for everything in a chart, with ELK. Runs at development time only: what ships are the drawings. */
import elk, { type ElkExtendedEdge, type ElkNode, type ElkShape } from 'elkjs/lib/elk.bundled.js';
import type { Chart } from './chart.ts';
import { headHeight } from './chart-metrics.ts';
import { headWidth, rowsOf } from './chart-text.ts';
import { arrowId, dotId, type ElkVariant, elkGraph } from './elk-graph.ts';
import { layoutCost } from './layout-cost.ts';
import type { PlacedArrow, PlacedChart, Point, Rectangle } from './placed-chart.ts';

/** Where labels go and how ELK's search begins: which is best differs from chart to chart. */
const allVariants: readonly ElkVariant[] = [1, 2, 3, 4].flatMap((seed) =>
  ['MEDIAN_LAYER', 'TAIL_LAYER', 'HEAD_LAYER', 'SPACE_EFFICIENT_LAYER', 'WIDEST_LAYER'].map((labelLayer) => ({
    seed,
    labelLayer,
  })),
);

/** The layout of all variants that is the easiest to read; the same for the same chart. */
export async function layoutChart(chart: Chart, variants = allVariants): Promise<PlacedChart> {
  let best: PlacedChart | undefined;
  for (const variant of variants) {
    const placed = await layoutOnce(chart, variant);
    if (!best || layoutCost(placed) < layoutCost(best)) best = placed;
  }
  if (!best) throw new Error('there is no variant to choose from');
  return best;
}

/** In two rounds: what was too narrow for its text in the first is widened in the second. */
async function layoutOnce(chart: Chart, variant: ElkVariant): Promise<PlacedChart> {
  const missing = new Map<string, number>();
  const { states } = await place(chart, variant, missing);
  for (const node of chart.nodes) {
    const lack = headWidth(chart, node) - found(states, node.id).width;
    if (lack > 0) missing.set(node.id, lack);
  }
  return place(chart, variant, missing);
}

async function place(
  chart: Chart,
  variant: ElkVariant,
  missing: ReadonlyMap<string, number>,
): Promise<PlacedChart> {
  const graph: ElkNode = await new elk.default().layout(elkGraph(chart, variant, missing));
  const nodes = nodesIn(graph);
  const boxes = new Map(nodes.map((node) => [node.id, rectangle(node)]));
  const paths = new Map(nodes.flatMap(({ edges = [] }) => edges.map((edge) => [edge.id, arrow(edge)])));
  const { width, height } = rectangle(graph);
  return {
    chart,
    width,
    height,
    states: new Map(chart.nodes.map(({ id }) => [id, found(boxes, id)])),
    arrows: new Map(
      chart.edges.map(({ id, source, targets }) => [
        id,
        targets.map((target, index) => {
          const path = found(paths, arrowId(id, index));
          return isWithin(chart, target, source) ? fromHead(path, chart, source, found(boxes, source)) : path;
        }),
      ]),
    ),
    initials: new Map(
      chart.nodes
        .filter(({ initial }) => initial !== undefined)
        .map(({ id }) => [id, { dot: centre(found(boxes, dotId(id))), arrow: found(paths, dotId(id)) }]),
    ),
  };
}

/** Whether a state lies in another, at any depth. */
function isWithin(chart: Chart, state: string, outer: string): boolean {
  const parent = chart.nodes.find(({ id }) => id === state)?.parent ?? null;
  return parent !== null && (parent === outer || isWithin(chart, parent, outer));
}

/** An arrow from an outer state inwards begins below the state's head: ELK has it cross the text. */
function fromHead(path: PlacedArrow, chart: Chart, source: string, { y }: Rectangle): PlacedArrow {
  const rows = chart.nodes.filter(({ id }) => id === source).flatMap((node) => rowsOf(chart, node));
  const bottom = y + headHeight(rows.length);
  const points = path.points.map((point) => ({ ...point, y: Math.max(point.y, bottom) }));
  return { ...path, points };
}

function nodesIn(node: ElkNode): ElkNode[] {
  return [node, ...(node.children ?? []).flatMap(nodesIn)];
}

function arrow({ id, sections: [section] = [], labels: [label] = [] }: ElkExtendedEdge): PlacedArrow {
  if (!section) throw new Error(`ELK gave the arrow ${id} no way`);
  const { startPoint, bendPoints = [], endPoint } = section;
  const points = [startPoint, ...bendPoints, endPoint];
  return label ? { points, label: rectangle(label) } : { points };
}

function rectangle({ x = 0, y = 0, width = 0, height = 0 }: ElkShape): Rectangle {
  return { x, y, width, height };
}

function centre({ x, y, width, height }: Rectangle): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

function found<Value>(places: ReadonlyMap<string, Value>, id: string): Value {
  const place = places.get(id);
  if (place === undefined) throw new Error(`ELK gave ${id} no place`);
  return place;
}
