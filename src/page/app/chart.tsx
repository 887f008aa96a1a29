/** One statechart with its active states lit and its last transition marked. Draws nothing by itself: see chart-source. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { activeStates } from '../../charts/chart.ts';
import { stateText } from '../../inspection/state-value.ts';
import type { StageActor } from '../model/stage-actor.ts';
import chartFrame from '../style/chart-frame.css?inline';
import { type Drawing, drawingOf } from './chart-source.ts';
import { connection } from './live-store.ts';

/** On top of the drawing's own rules: the page's colours, and a transition that flashes when it is taken. */
const frame = new CSSStyleSheet();
frame.replaceSync(chartFrame);

interface ChartProps {
  machine: string;
  /** Undefined: nothing lives, the chart is drawn unlit. */
  actor: StageActor | undefined;
  /** Too small to be read: only the shapes are drawn. */
  isSmall?: boolean;
  /** Told the natural size once it is known. */
  onSize?: (size: { width: number; height: number }) => void;
  /** Told an active innermost state after each change, to bring it into sight. */
  onActive?: (state: Element) => void;
}

export function Chart({ machine, actor, isSmall = false, onSize, onActive }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const [drawing, setDrawing] = useState<Drawing | 'missing' | undefined>(undefined);
  const shownTurn = useRef<number | undefined>(undefined);
  // What could not be fetched while the daemon was away is asked for again when it is back.
  const isConnected = connection.value === 'connected';
  const isLit = actor?.status === 'active';
  const state = isLit ? stateText(actor.value) : '';

  useEffect(() => {
    let isWanted = true;
    void drawingOf(machine).then((found) => {
      if (isWanted) setDrawing(found ?? 'missing');
    });
    return () => {
      isWanted = false;
      shownTurn.current = undefined;
    };
  }, [machine, isConnected]);

  useEffect(() => {
    if (!host.current || !drawing || drawing === 'missing') return;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [drawing.sheet, frame];
    const svg = document.importNode(drawing.svg, true);
    svg.removeAttribute('width');
    svg.removeAttribute('height');
    svg.classList.toggle('small', isSmall);
    root.replaceChildren(svg);
    onSize?.({ width: drawing.width, height: drawing.height });
  }, [drawing]);

  useEffect(() => {
    const root = host.current?.shadowRoot;
    if (!root) return;
    const active = new Set(isLit && actor.value !== null ? activeStates({ id: machine }, actor.value) : []);
    let innermost: Element | undefined;
    for (const element of root.querySelectorAll('[data-state]')) {
      const isActive = active.has(element.getAttribute('data-state') ?? '');
      element.classList.toggle('active', isActive);
      if (isActive) innermost = element;
    }
    if (innermost) onActive?.(innermost);
  }, [drawing, state, machine]);

  useEffect(() => {
    const root = host.current?.shadowRoot;
    if (!root) return;
    const taken = new Set(actor?.edges ?? []);
    // What was taken before the chart came into sight is marked, but it does not flash.
    const isNew = shownTurn.current !== undefined && shownTurn.current !== actor?.turn;
    shownTurn.current = actor?.turn ?? 0;
    for (const element of root.querySelectorAll('[data-edge]')) {
      const isTaken = taken.has(element.getAttribute('data-edge') ?? '');
      element.classList.toggle('taken', isTaken);
      element.classList.remove('flash');
      if (isTaken && isNew) {
        element.getBoundingClientRect();
        element.classList.add('flash');
      }
    }
  }, [drawing, actor?.turn, machine]);

  if (drawing === 'missing') return <p class="hint">There is no drawing of “{machine}”.</p>;
  const label = `Statechart of ${machine}${state ? `, in ${state}` : ', not running'}`;
  return <div ref={host} class="chart" role="img" aria-label={label} data-machine={machine} />;
}
