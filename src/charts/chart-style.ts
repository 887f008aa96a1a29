/** The looks of a drawn chart. Every colour is a custom property that a page around the drawing may set for itself. */

/** Selectors of no weight (`:where`), so that any rule of the page wins; scoped, since style sheets in SVG are not. */
export const chartStyle = `
:where(.statechart) {
  --chart-ground: #ffffff; --chart-region: #f6f8fb; --chart-state: #ffffff; --chart-line: #9aa5b4;
  --chart-text: #1c2530; --chart-muted: #5b6777; --chart-arrow: #66748a;
  --chart-active: #0b63ce; --chart-active-state: #dbeafe; --chart-taken: #c2410c;
}
@media (prefers-color-scheme: dark) {
  :where(.statechart) {
    --chart-ground: #0f141b; --chart-region: #151c26; --chart-state: #1c2532; --chart-line: #4a586b;
    --chart-text: #e8edf4; --chart-muted: #9daabb; --chart-arrow: #8b9ab0;
    --chart-active: #6cb2ff; --chart-active-state: #14365f; --chart-taken: #ff9d5c;
  }
}
.statechart text { font: 11px ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; fill: var(--chart-text) }
.statechart .ground { fill: var(--chart-ground) }
.statechart .box { fill: var(--chart-state); stroke: var(--chart-line); stroke-width: 1.2 }
.statechart .compound > .box, .statechart .parallel > .box { fill: var(--chart-region) }
.statechart .region > .box { stroke-dasharray: 5 4 }
.statechart .inner { fill: none; stroke: var(--chart-line) }
.statechart .rule { stroke: var(--chart-line); stroke-opacity: .5 }
.statechart .name { font-size: 13px; font-weight: 600; text-anchor: middle }
.statechart .keyword, .statechart .guard, .statechart .action { fill: var(--chart-muted) }
.statechart .event { font-weight: 600 }
.statechart .event, .statechart .guard, .statechart .action { text-anchor: middle }
.statechart .path { fill: none; stroke: var(--chart-arrow); stroke-width: 1.3 }
.statechart .head, .statechart .dot { fill: var(--chart-arrow) }
.statechart .plate { fill: var(--chart-ground); stroke: var(--chart-line); stroke-opacity: .5 }
.statechart .active > .box { stroke: var(--chart-active); stroke-width: 2.2 }
.statechart .active.atomic > .box, .statechart .active.final > .box { fill: var(--chart-active-state) }
.statechart .active > .inner { stroke: var(--chart-active) }
.statechart .taken .path { stroke: var(--chart-taken); stroke-width: 2.4 }
.statechart .taken .head { fill: var(--chart-taken) }
.statechart .taken text { fill: var(--chart-taken) }
`.trim();
