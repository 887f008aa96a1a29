/** A placed chart as one SVG file: no script, no outside reference, states and transitions marked with their ids. */
import type { ChartEdge, ChartNode } from './chart.ts';
import {
  dotSize,
  headHeight,
  labelLineHeight,
  rowHeight,
  sidePadding,
  titleHeight,
} from './chart-metrics.ts';
import { chartStyle } from './chart-style.ts';
import { labelOf, type Row, rowsOf, titleOf } from './chart-text.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { PlacedArrow, PlacedChart, Point, Rectangle } from './placed-chart.ts';

const margin = 12;

/**
 * `data-state` and `data-edge` carry the ids of the chart; the classes `active` on a state and `taken` on a transition
 * light them. States stand below all arrows, outer below inner.
 */
export function chartSvg(placed: PlacedChart): string {
  const { chart, width, height } = placed;
  const [root] = chart.nodes;
  const size = { width: Math.ceil(width) + 2 * margin, height: Math.ceil(height) + 2 * margin };
  const box = `${-margin} ${-margin} ${size.width} ${size.height}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="statechart" role="img" viewBox="${box}" width="${size.width}" height="${size.height}" data-machine="${escaped(chart.id)}" data-fingerprint="${fingerprintOf(chart)}">`,
    `<title>Statechart: ${escaped(chart.id)}</title>`,
    ...(root?.description === undefined ? [] : [`<desc>${escaped(root.description)}</desc>`]),
    `<style>${chartStyle}</style>`,
    `<rect class="ground" x="${-margin}" y="${-margin}" width="${size.width}" height="${size.height}" rx="10"/>`,
    ...chart.nodes.map((node) => stateGroup(placed, node)),
    ...chart.edges.filter(({ targets }) => targets.length > 0).map((edge) => transitionGroup(placed, edge)),
    '</svg>',
    '',
  ].join('\n');
}

function stateGroup(placed: PlacedChart, node: ChartNode): string {
  const { chart, states, initials } = placed;
  const box = states.get(node.id);
  if (!box) throw new Error(`the state ${node.id} has no place`);
  const { x, y, width } = box;
  const rows = rowsOf(chart, node);
  const isOuter = chart.nodes.some(({ parent }) => parent === node.id);
  const isRegion = chart.nodes.some(({ id, type }) => id === node.parent && type === 'parallel');
  const initial = initials.get(node.id);
  const head = isOuter ? headHeight(rows.length) : titleHeight;
  return [
    `<g class="state ${node.type}${isRegion ? ' region' : ''}" data-state="${escaped(node.id)}">`,
    `<title>${escaped([node.id, node.description].filter(Boolean).join('\n'))}</title>`,
    rectangle('box', box, 9),
    ...(node.type === 'final' ? [rectangle('inner', shrunk(box, 3), 6)] : []),
    `<text class="name" x="${round(x + width / 2)}" y="${round(y + 19)}">${escaped(titleOf(node))}</text>`,
    ...(isOuter || rows.length > 0
      ? [`<path class="rule" d="M${round(x)} ${round(y + head)}h${round(width)}"/>`]
      : []),
    ...rows.map((row, index) =>
      rowText(row, { x: x + sidePadding, y: y + titleHeight + 16 + index * rowHeight }),
    ),
    ...(initial
      ? [
          `<circle class="dot" cx="${round(initial.dot.x)}" cy="${round(initial.dot.y)}" r="${dotSize / 2 - 1}"/>`,
          arrowPath(initial.arrow),
        ]
      : []),
    '</g>',
  ].join('');
}

function rowText({ keyword, text, edge }: Row, { x, y }: Point): string {
  const line = `<text x="${round(x)}" y="${round(y)}"><tspan class="keyword">${escaped(keyword)} / </tspan>${escaped(text)}</text>`;
  return edge === undefined ? line : `<g class="transition" data-edge="${escaped(edge)}">${line}</g>`;
}

function transitionGroup({ arrows }: PlacedChart, edge: ChartEdge): string {
  const placed = arrows.get(edge.id) ?? [];
  return [
    `<g class="transition" data-edge="${escaped(edge.id)}">`,
    `<title>${escaped([edge.label, edge.description].filter(Boolean).join('\n'))}</title>`,
    ...placed.map(arrowPath),
    ...placed.flatMap(({ label }) => (label ? [labelText(edge, label)] : [])),
    '</g>',
  ].join('');
}

function labelText(edge: ChartEdge, box: Rectangle): string {
  const lines = labelOf(edge).map(
    ({ kind, text }, index) =>
      `<text class="${kind}" x="${round(box.x + box.width / 2)}" y="${round(box.y + 13 + index * labelLineHeight)}">${escaped(text)}</text>`,
  );
  return rectangle('plate', box, 4) + lines.join('');
}

const headLength = 8;

function arrowPath({ points }: PlacedArrow): string {
  const tip = points.at(-1);
  const before = points.at(-2);
  if (!tip || !before) throw new Error('an arrow has two ends');
  const length = Math.hypot(tip.x - before.x, tip.y - before.y);
  const [dx, dy] = [(tip.x - before.x) / length, (tip.y - before.y) / length];
  const neck = { x: tip.x - dx * headLength, y: tip.y - dy * headLength };
  const corner = (side: number) => pair({ x: neck.x - dy * side * 3.5, y: neck.y + dx * side * 3.5 });
  return `<path class="path" d="${rounded([...points.slice(0, -1), neck])}"/><path class="head" d="M${pair(tip)}L${corner(1)}L${corner(-1)}Z"/>`;
}

/** The line through these points, its corners rounded. */
function rounded(points: readonly Point[]): string {
  const [start, ...rest] = points;
  if (!start) return '';
  const parts = rest.map((point, index) => {
    const next = rest[index + 1];
    const previous = points[index];
    if (!next || !previous) return `L${pair(point)}`;
    return `L${pair(towards(point, previous))}Q${pair(point)} ${pair(towards(point, next))}`;
  });
  return `M${pair(start)}${parts.join('')}`;
}

/** A corner's end: at most 6 pixels from it, and not beyond the middle of the line. */
function towards(corner: Point, other: Point): Point {
  const length = Math.hypot(other.x - corner.x, other.y - corner.y);
  const share = length === 0 ? 0 : Math.min(6, length / 2) / length;
  return { x: corner.x + (other.x - corner.x) * share, y: corner.y + (other.y - corner.y) * share };
}

function rectangle(className: string, { x, y, width, height }: Rectangle, radius: number): string {
  return `<rect class="${className}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${radius}"/>`;
}

function shrunk({ x, y, width, height }: Rectangle, by: number): Rectangle {
  return { x: x + by, y: y + by, width: width - 2 * by, height: height - 2 * by };
}

function pair({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/gu, (letter) => `&#${letter.charCodeAt(0)};`);
}
