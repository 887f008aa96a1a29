/** The words on a chart: what is written in a state and on an arrow, and how wide that is. */
import type { Chart, ChartEdge, ChartNode } from './chart.ts';
import { labelPadding, sidePadding } from './chart-metrics.ts';
import { textWidth } from './text-width.ts';

/** Sizes of letters in pixels, as the style has them. */
const titleSize = 13;
const textSize = 11;

/** In letters; about as wide as a guard with a long name. */
const actionsLength = 26;

/** A line inside a state: `entry / announceReady`, or a transition that stays in it. */
export interface Row {
  readonly keyword: string;
  readonly text: string;
  /** The id of the transition that the row stands for. */
  readonly edge?: string;
}

/** One line of the text on an arrow. */
export interface LabelLine {
  readonly kind: 'event' | 'guard' | 'action';
  readonly text: string;
}

/** The name of a state as it is written. */
export function titleOf({ key, type, history }: ChartNode): string {
  if (type === 'parallel') return `${key} ∥`;
  if (type === 'history') return `${key} ${history === 'deep' ? 'H*' : 'H'}`;
  return key;
}

/** The rows of a state: its actions, the actors that live in it, the transitions that do not leave it. */
export function rowsOf(chart: Chart, { id, entry, exit, invokes }: ChartNode): Row[] {
  const inner = chart.edges.filter(({ source, targets }) => source === id && targets.length === 0);
  return [
    ...entry.map((text) => ({ keyword: 'entry', text })),
    ...exit.map((text) => ({ keyword: 'exit', text })),
    ...invokes.map((invoke) => ({
      keyword: 'invoke',
      text: invoke.id === invoke.src ? invoke.src : `${invoke.src} as ${invoke.id}`,
    })),
    ...inner.map((edge) => ({
      keyword: edge.guard === undefined ? edge.label : `${edge.label} [${edge.guard}]`,
      text: edge.actions.length === 0 ? 'nothing' : edge.actions.join(', '),
      edge: edge.id,
    })),
  ];
}

/** The text on an arrow: the event, its guard, its actions. */
export function labelOf({ label, guard, actions }: ChartEdge): LabelLine[] {
  return [
    { kind: 'event', text: label },
    ...(guard === undefined ? [] : [{ kind: 'guard' as const, text: `[${guard}]` }]),
    ...wrapped(actions).map((text) => ({ kind: 'action' as const, text })),
  ];
}

/** `/ a, b`, begun on a new line where it would become too long. */
function wrapped(actions: readonly string[]): string[] {
  const lines: string[] = [];
  for (const action of actions) {
    const longer = `${lines.at(-1)}, ${action}`;
    if (lines.length > 0 && longer.length <= actionsLength) lines[lines.length - 1] = longer;
    else lines.push(`/ ${action}`);
  }
  return lines;
}

/** How wide a state has to be for its title and rows. */
export function headWidth(chart: Chart, node: ChartNode): number {
  const rows = rowsOf(chart, node).map(({ keyword, text }) => textWidth(`${keyword} / ${text}`, textSize));
  return Math.max(textWidth(titleOf(node), titleSize), ...rows) + 2 * sidePadding;
}

export function labelWidth(lines: readonly LabelLine[]): number {
  return Math.max(...lines.map(({ text }) => textWidth(text, textSize))) + 2 * labelPadding;
}
