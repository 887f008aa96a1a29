/** A chart as the graph ELK places: boxes with their room for text, arrows with their labels. */
import type { ElkExtendedEdge, ElkLabel, ElkNode, LayoutOptions } from 'elkjs/lib/elk-api.js';
import type { Chart, ChartEdge, ChartNode } from './chart.ts';
import { dotSize, headHeight, labelLineHeight } from './chart-metrics.ts';
import { headWidth, labelOf, labelWidth, rowsOf } from './chart-text.ts';

/** Between the border of an outer state and what is in it. */
const innerPadding = 20;

/** ELK hands no option down: each outer state has them too. */
const everywhere: LayoutOptions = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.cycleBreaking.strategy': 'DEPTH_FIRST',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.spacing.nodeNodeBetweenLayers': '32',
  'elk.layered.spacing.edgeNodeBetweenLayers': '16',
  'elk.spacing.nodeNode': '28',
  'elk.spacing.edgeNode': '16',
  'elk.spacing.edgeEdge': '12',
  'elk.spacing.nodeSelfLoop': '24',
  'elk.spacing.edgeLabel': '6',
};

/** What is tried in turn: the start of ELK's random search, and its strategy for the labels of long arrows. */
export interface ElkVariant {
  readonly seed: number;
  readonly labelLayer: string;
}

/** @param missing how much wider outer states have to be for their text, by id: ELK heeds no minimum of theirs */
export function elkGraph(chart: Chart, variant: ElkVariant, missing: ReadonlyMap<string, number>): ElkNode {
  return {
    id: '',
    layoutOptions: {
      ...everywhere,
      'elk.layered.edgeLabels.centerLabelPlacementStrategy': variant.labelLayer,
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
      'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
      'elk.json.edgeCoords': 'ROOT',
      'elk.json.shapeCoords': 'ROOT',
      'elk.randomSeed': `${variant.seed}`,
      'elk.padding': '[top=1,left=1,bottom=1,right=1]',
    },
    children: chart.nodes
      .filter(({ parent }) => parent === null)
      .map((root) => box(chart, root, variant, missing)),
    edges: chart.edges.flatMap(arrows),
  };
}

/** The id of the dot in an outer state, and of the arrow from it. */
export function dotId(state: string): string {
  return `${state}|initial`;
}

/** The id of the arrow to a transition's n-th target. */
export function arrowId(edge: string, index: number): string {
  return `${edge}>${index}`;
}

function box(
  chart: Chart,
  node: ChartNode,
  variant: ElkVariant,
  missing: ReadonlyMap<string, number>,
): ElkNode {
  const { id, initial } = node;
  const head = headHeight(rowsOf(chart, node).length);
  const inner = chart.nodes.filter(({ parent }) => parent === id);
  if (inner.length === 0) return { id, width: Math.max(headWidth(chart, node), 72), height: head };
  const side = innerPadding + (missing.get(id) ?? 0) / 2;
  // The first in the list is where ELK's depth-first search starts, and so the chart.
  const ordered = inner.toSorted((a, b) => Number(b.id === initial) - Number(a.id === initial));
  const children = ordered.map((child) => box(chart, child, variant, missing));
  return {
    id,
    children: initial === undefined ? children : [dot(id), ...children],
    edges: initial === undefined ? [] : [{ id: dotId(id), sources: [dotId(id)], targets: [initial] }],
    layoutOptions: {
      ...everywhere,
      'elk.layered.edgeLabels.centerLabelPlacementStrategy': variant.labelLayer,
      'elk.padding': `[top=${head + 14},left=${side},bottom=${innerPadding},right=${side}]`,
    },
  };
}

function dot(state: string): ElkNode {
  return {
    id: dotId(state),
    width: dotSize,
    height: dotSize,
    layoutOptions: { 'elk.layered.layering.layerConstraint': 'FIRST' },
  };
}

function arrows(edge: ChartEdge): ElkExtendedEdge[] {
  const lines = labelOf(edge);
  const label: ElkLabel = {
    text: edge.label,
    width: labelWidth(lines),
    height: lines.length * labelLineHeight + 4,
  };
  return edge.targets.map((target, index) => ({
    id: arrowId(edge.id, index),
    sources: [edge.source],
    targets: [target],
    labels: [{ ...label, layoutOptions: { 'elk.edgeLabels.inline': `${target !== edge.source}` } }],
  }));
}
